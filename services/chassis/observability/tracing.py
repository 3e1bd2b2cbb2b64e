"""Traces from the HTTP request to the e-mail, by OpenTelemetry: off unless VINCULO_OTLP_URL is set (docs/adr/0030).

Off, nothing of OpenTelemetry is imported, and each place where a span would begin costs a look at one name. On, a span
begins under the one whose W3C `traceparent` came with the request, the event or the work. No span holds the id of a
record, a path or a text: names of use cases and routes, and outcomes.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from environs import Env
from marshmallow import validate

HEADER = "traceparent"
# Of leased work: what announced it. The chassis' own fields begin with an underscore.
FIELD = "_trace"
SERVER, CONSUMER, CLIENT = "SERVER", "CONSUMER", "CLIENT"

_tracer: Any = None
_provider: Any = None
_nothing: AbstractContextManager[None] = nullcontext()
_no_headers: Mapping[str, str] = {}


def set_up(process: str, joins: bool = True) -> None:
    """Once a process, from its environment; raises EnvError. `joins`: whether a parent decides if a trace is kept."""
    env = Env()
    url = env.str("VINCULO_OTLP_URL", "")
    share = env.float("VINCULO_TRACE_SHARE", 1.0, validate=validate.Range(min=0, max=1))
    if url:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        begin(process, BatchSpanProcessor(OTLPSpanExporter(f"{url.rstrip('/')}/v1/traces", timeout=5)), share, joins)


def begin(process: str, processor: Any, share: float = 1.0, joins: bool = True) -> None:
    """Spans go to this processor from now on."""
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
    """Sends what is not sent yet."""
    global _tracer, _provider
    provider, _tracer, _provider = _provider, None, None
    if provider is not None:
        provider.shutdown()


def is_on() -> bool:
    return _tracer is not None


def span(name: str, kind: str, parent: object = None, **attributes: str) -> AbstractContextManager[Any]:
    """For the time of a `with`; `parent` is a traceparent, and whatever is none is none."""
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


def here() -> str | None:
    """The traceparent of the span that is open here; None where there is none."""
    if _tracer is None:
        return None
    return carried().get(HEADER)


def carried() -> Mapping[str, str]:
    """The header that carries the span which is open here."""
    if _tracer is None:
        return _no_headers
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    headers: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(headers)
    return {HEADER: headers[HEADER]} if HEADER in headers else _no_headers


def note(**attributes: str) -> None:
    """Of the span that is open here: how it ended."""
    if _tracer is None:
        return
    from opentelemetry.trace import get_current_span

    get_current_span().set_attributes(attributes)


def _context_of(parent: object) -> Any:
    from opentelemetry.context import Context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({HEADER: str(parent)}, Context())
