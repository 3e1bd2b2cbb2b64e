"""Traces from the HTTP request to the e-mail, by OpenTelemetry: off unless VINCULO_OTLP_URL is set (docs/adr/0030).

While it is off, OpenTelemetry is not imported, and a span costs the check of one variable. While it is on, a span's
parent is the one whose W3C `traceparent` came with the request, the event or the work. Spans hold names of use cases
and routes, and outcomes; never the id of a record, a path or a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from environs import Env
from marshmallow import validate

HEADER = "traceparent"
# The field of leased work with the traceparent of the span that enqueued it.
FIELD = "_trace"
SERVER, CONSUMER, CLIENT = "SERVER", "CONSUMER", "CLIENT"

_tracer: Any = None
_provider: Any = None
_nothing: AbstractContextManager[None] = nullcontext()
_no_headers: Mapping[str, str] = {}


def set_up(process: str, joins: bool = True) -> None:
    """To be called once in a process; reads the environment, raises EnvError. `joins`: whether the parent's sampling
    decision holds for its children."""
    env = Env()
    url = env.str("VINCULO_OTLP_URL", "")
    share = env.float("VINCULO_TRACE_SHARE", 1.0, validate=validate.Range(min=0, max=1))
    if url:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        begin(process, BatchSpanProcessor(OTLPSpanExporter(f"{url.rstrip('/')}/v1/traces", timeout=5)), share, joins)


def begin(process: str, processor: Any, share: float = 1.0, joins: bool = True) -> None:
    """Sends spans to this processor from now on; `share`: the part of all traces that is kept, from 0 to 1."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    global _tracer, _provider
    by_share = TraceIdRatioBased(share)
    resource = Resource.create({"service.name": process, "service.namespace": "vinculo"})
    _provider = TracerProvider(sampler=ParentBased(by_share) if joins else by_share, resource=resource)
    _provider.add_span_processor(processor)
    _tracer = _provider.get_tracer("vinculo")


def stop() -> None:
    """Sends the spans that wait, and switches tracing off."""
    global _tracer, _provider
    provider, _tracer, _provider = _provider, None, None
    if provider is not None:
        provider.shutdown()


def is_on() -> bool:
    return _tracer is not None


def span(name: str, kind: str, parent: object = None, **attributes: str) -> AbstractContextManager[Any]:
    """A span for the time of a `with`. `parent` is a traceparent; an invalid one is ignored."""
    if _tracer is None:
        return _nothing
    from opentelemetry.trace import SpanKind

    context = _context_of(parent) if parent else None
    return _started(name, context, SpanKind[kind], attributes)


def _started(name: str, context: Any, kind: Any, attributes: Mapping[str, str]) -> AbstractContextManager[Any]:
    started: AbstractContextManager[Any] = _tracer.start_as_current_span(
        name, context, kind, attributes, record_exception=False, set_status_on_exception=False
    )
    return started


def current_traceparent() -> str | None:
    """The traceparent of the open span; None without one."""
    if _tracer is None:
        return None
    return headers().get(HEADER)


def headers() -> Mapping[str, str]:
    """The header that carries the open span to another process; empty without one."""
    if _tracer is None:
        return _no_headers
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    headers: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(headers)
    return {HEADER: headers[HEADER]} if HEADER in headers else _no_headers


def note(**attributes: str) -> None:
    """Sets attributes of the open span."""
    if _tracer is None:
        return
    from opentelemetry.trace import get_current_span

    get_current_span().set_attributes(attributes)


def _context_of(parent: object) -> Any:
    from opentelemetry.context import Context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({HEADER: str(parent)}, Context())
