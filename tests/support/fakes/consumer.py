"""Another system that takes webhooks, on a real socket: answers as it is told, and remembers what came."""

from __future__ import annotations

import hmac
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Taken:
    body: bytes
    headers: dict[str, str]

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def signed_with(self, secret: str) -> bool:
        moment, signature = (part.partition("=")[2] for part in self.headers["Vinculo-Signature"].split(","))
        right = hmac.new(secret.encode(), f"{moment}.".encode() + self.body, "sha256").hexdigest()
        return hmac.compare_digest(right, signature)


class Consumer:
    """`status` is what it answers, with `headers`, once `free` is set."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.status = 204
        self.headers: dict[str, str] = {}
        self.free = threading.Event()
        self.free.set()
        self.asked = 0
        consumer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                consumer.asked += 1
                consumer.free.wait()
                if consumer.status < 300:
                    consumer.taken.append(Taken(body, dict(self.headers)))
                self.send_response(consumer.status)
                for name, value in consumer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/eventos?de=vinculo"

    def about(self, record_id: str) -> list[dict[str, Any]]:
        """The events that came about the record, in their order of arrival."""
        return [one.event for one in list(self.taken) if record_id in json.dumps(one.event)]

    def close(self) -> None:
        self.free.set()
        self._server.shutdown()
        self._server.server_close()
