"""Traces: off they cost nothing and say nothing; on each step is under the one that caused it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway.observability import tracing as gateway_tracing
from services.chassis.access.context import Context, seal
from services.chassis.observability import tracing
from tests.support.stack.wire_keys import WireKeys

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
CONTEXT = Context("c1", "u1", "Ana", (), "r1", 0.0)
IMPORTED = """
import sys
import gateway.app, services.people.service
from services.chassis.observability import tracing
with tracing.span("x", tracing.SERVER, "y"):
    assert tracing.headers() == {} and tracing.current_traceparent() is None
print([name for name in sys.modules if name.startswith("opentelemetry")])
"""


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.begin("test", SimpleSpanProcessor(exporter))
    yield exporter
    tracing.stop()


def told(exporter: InMemorySpanExporter) -> dict[str, Any]:
    return {span.name: span for span in exporter.get_finished_spans()}


def headers() -> dict[str, str]:
    return seal(CONTEXT, "people.get_person", b"{}", WireKeys().ring())


def test_off_nothing_of_it_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert tracing.HEADER not in headers()


def test_a_request_carries_the_span_that_sends_it(spans: InMemorySpanExporter) -> None:
    with tracing.span("POST /v1/persons", tracing.SERVER, PARENT):
        sent = headers()[tracing.HEADER]
        with tracing.span("register_person", tracing.SERVER, sent):
            tracing.note(outcome="ok")
    outer, inner = told(spans)["POST /v1/persons"], told(spans)["register_person"]
    assert f"{outer.context.trace_id:032x}" == PARENT.split("-")[1]
    assert (inner.parent.span_id, inner.context.trace_id) == (outer.context.span_id, outer.context.trace_id)
    assert inner.attributes == {"outcome": "ok"}


@pytest.mark.parametrize("parent", ["", "x", "00-0-0-0", b"\xff", 7, None])
def test_what_is_no_parent_begins_a_trace_of_its_own(spans: InMemorySpanExporter, parent: object) -> None:
    with tracing.span("x", tracing.CONSUMER, parent):
        pass
    assert told(spans)["x"].parent is None


def test_a_failure_is_told_without_its_text(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="José"), tracing.span("x", tracing.SERVER):
        raise ValueError("José da Silva")
    assert "José" not in str(told(spans)["x"].to_json())


def test_the_gateway_names_a_request_by_its_route(monkeypatch: pytest.MonkeyPatch) -> None:
    exporter = InMemorySpanExporter()
    monkeypatch.setattr(tracing, "set_up", lambda *_, **__: tracing.begin("gateway", SimpleSpanProcessor(exporter)))
    app = Flask("test")
    gateway_tracing.register(app)
    app.add_url_rule("/v1/persons/<person_id>", view_func=lambda person_id: person_id)
    client = app.test_client()
    client.get("/v1/persons/segredo", headers={tracing.HEADER: PARENT})
    client.get("/nowhere/segredo")
    tracing.stop()
    names = told(exporter)
    assert {*names} == {"GET /v1/persons/<person_id>", "GET (none)"}
    assert f"{names['GET /v1/persons/<person_id>'].context.trace_id:032x}" == PARENT.split("-")[1]
    assert "segredo" not in "".join(span.to_json() for span in names.values())
    assert names["GET (none)"].attributes["http.response.status_code"] == "404"


def test_off_the_gateway_registers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VINCULO_OTLP_URL", raising=False)
    app = Flask("test")
    gateway_tracing.register(app)
    assert (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs) == ({}, {}, {})
