"""An OTLP collector: takes what processes send about their spans, and draws each trace as a tree."""

from __future__ import annotations

import gzip
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Seen:
    """One span; times in nanoseconds since the epoch."""

    process: str
    name: str
    id: str
    parent: str
    trace: str
    start: int
    end: int


class Collector:
    def __init__(self) -> None:
        self.spans: list[Seen] = []
        seen = self.spans

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                seen.extend(_spans(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def trace_of(self, name: str) -> list[Seen]:
        """All spans of the last trace that begins with this one."""
        roots = [one for one in self.spans if one.name == name and not one.parent]
        return [one for one in self.spans if roots and one.trace == roots[-1].trace]


def drawn(spans: list[Seen]) -> str:
    """As a tree, in the order of time, each with its process, when it began and how long it took."""
    begin = min(one.start for one in spans)

    def below(parent: str, depth: int) -> list[str]:
        lines = []
        for one in sorted((one for one in spans if one.parent == parent), key=lambda one: one.start):
            when, took = (one.start - begin) / 1e6, (one.end - one.start) / 1e6
            lines.append(f"{'  ' * depth}{one.process}: {one.name}  +{when:.0f} ms, {took:.1f} ms")
            lines += below(one.id, depth + 1)
        return lines

    return "\n".join(below("", 0))


def _spans(body: bytes) -> list[Seen]:
    found = []
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        attributes = {one.key: one.value.string_value for one in resource.resource.attributes}
        for scope in resource.scope_spans:
            for span in scope.spans:
                ids = (span.span_id.hex(), span.parent_span_id.hex(), span.trace_id.hex())
                times = (span.start_time_unix_nano, span.end_time_unix_nano)
                found.append(Seen(attributes["service.name"], span.name, *ids, *times))
    return found
