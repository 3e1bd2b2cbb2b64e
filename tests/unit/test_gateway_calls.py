"""Calls of the gateway: none is left that nobody awaits, none outlives its deadline; the share of a silent service."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask, g

from gateway.app import create_app
from gateway.attendance import report_content
from gateway.bus.calls import MAX_PENDING, SILENT_SECONDS, Call, Pending, Request
from gateway.bus.rpc import Bus
from gateway.documents import gathering
from gateway.http import tokens
from gateway.views import person_report, person_view, timeline
from services.catalogue import SERVICES
from services.chassis.access.context import Context
from services.chassis.errors import Conflict, Failure, Invalid, NotFound, Unavailable
from tests.support.fakes.bus import CONFIG, Wire, bus_on
from tests.support.fakes.gateway import USER
from tests.support.fakes.service_answers import ANSWERS


@pytest.fixture
def wire() -> Wire:
    return Wire(dict(ANSWERS))


@pytest.fixture
def bus(wire: Wire) -> Bus:
    return bus_on(wire)


@pytest.fixture(scope="module")
def made() -> Flask:
    return create_app(CONFIG)


@pytest.fixture
def app(made: Flask, bus: Bus) -> Flask:
    object.__setattr__(made.extensions["vinculo"], "bus", bus)
    return made


def context(seconds: float = 0.2) -> Context:
    reads = tuple(f"{service}.read" for service in SERVICES)
    return Context("c1", "u1", "Ana", reads, "request-1", time.time() + seconds)


def report(app: Flask, bus: Bus) -> Any:
    return report_content.gather(bus, context(), [f"a{n}" for n in range(30)])


def document(app: Flask, bus: Bus) -> Any:
    return gathering.gather(context(), "quote", quote_id="q1", number=None, template_id=None)


def access_report(app: Flask, bus: Bus) -> Any:
    """Begun, and never read: the client has gone."""
    return person_report.run(bus, context(), "p1")


def half_an_access_report(app: Flask, bus: Bus) -> Any:
    lines = person_report.run(bus, context(), "p1")
    return next(lines)


def view(app: Flask, bus: Bus) -> Any:
    return person_view.gather(bus, context(), "p1")


def line_of_opportunity(app: Flask, bus: Bus) -> Any:
    return timeline.of_opportunity("o1", 20, None)


def line_of_attendance(app: Flask, bus: Bus) -> Any:
    return timeline.of_attendance("a1", 20, None)


ASKERS = (
    report, document, access_report, half_an_access_report, view, line_of_opportunity, line_of_attendance,
)  # fmt: skip
Asker = Callable[[Flask, Bus], Any]


def _silence(wire: Wire, service: str) -> None:
    wire.silent.add(service)


def _absence(wire: Wire, service: str) -> None:
    wire.absent.add(service)


def _refusal(wire: Wire, service: str) -> None:
    _all_answer(wire, service, Conflict("odd", "Estranho."))


def _wrong_cursor(wire: Wire, service: str) -> None:
    _all_answer(wire, service, Invalid("cursor_invalid", "Página desconhecida."))


def _nothing_there(wire: Wire, service: str) -> None:
    _all_answer(wire, service, NotFound("nothing_found", "Nada."))


def _all_answer(wire: Wire, service: str, failure: Failure) -> None:
    wire.answers |= {key: failure for key in wire.answers if key.startswith(f"{service}.")}


@pytest.mark.parametrize("troubled", SERVICES)
@pytest.mark.parametrize("trouble", [_silence, _absence, _refusal, _wrong_cursor, _nothing_there])
@pytest.mark.parametrize("ask", ASKERS)
def test_no_call_is_left_on_its_way_whichever_service_fails_and_however(
    app: Flask, bus: Bus, wire: Wire, monkeypatch: pytest.MonkeyPatch,
    ask: Asker, trouble: Callable[[Wire, str], None], troubled: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(person_report, "PAGE_SECONDS", 0.1)
    trouble(wire, troubled)
    with app.test_request_context(headers={"Authorization": f"Bearer {tokens.issue(CONFIG, USER)}"}):
        g.request_id = "request-1"
        g.claims = tokens.read(CONFIG, tokens.issue(CONFIG, USER))
        try:
            ask(app, bus)
        except Failure:
            pass
    assert bus.pending == 0


def test_calls_that_nobody_awaits_are_forgotten_when_the_block_ends(bus: Bus, wire: Wire) -> None:
    wire.silent.add("people")
    with bus.gather(context(5), *[Request("people", "get_person", {})] * 3) as calls:
        assert (len(calls), bus.pending) == (3, 3)
    assert bus.pending == 0


def test_a_request_that_cannot_be_written_takes_the_others_with_it(bus: Bus, wire: Wire) -> None:
    wire.silent.add("people")
    asked = Request("people", "get_person", {}), Request("people", "get_person", {"id": object()})
    with pytest.raises(TypeError), bus.gather(context(5), *asked):
        pass
    assert bus.pending == 0


def test_one_that_could_not_be_sent_has_failed_and_the_others_are_answered(bus: Bus, wire: Wire) -> None:
    wire.absent.add("sales")
    asked = Request("sales", "get_opportunity", {}), Request("people", "get_person", {})
    with bus.gather(context(5), *asked) as (missing, found):
        refusal = missing.outcome()
        assert isinstance(refusal, Unavailable)
        assert refusal.code == "sales_unavailable"
        assert found.result() == {"name": "Maria"}


def test_all_are_asked_before_any_is_awaited(bus: Bus, wire: Wire) -> None:
    with bus.gather(context(5), Request("people", "get_person", {}), Request("people", "get_company", {})):
        assert wire.asked == ["people.get_person", "people.get_company"]


def test_without_a_connection_a_request_ends_after_half_a_second_however_long_it_may_take(
    bus: Bus,
) -> None:
    bus._connected.clear()
    began = time.monotonic()
    with bus.gather(context(30), *[Request("people", "get_person", {})] * 20) as calls:
        assert all(isinstance(call.outcome(), Unavailable) for call in calls)
    assert 0.4 < time.monotonic() - began < 1.0, "once, and not for each"
    assert bus.pending == 0


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def call(pending: Pending, service: str = "people", asker: object = None, deadline: float = 1e12) -> Call:
    made = Call(service, deadline, asker or object(), pending.forget)
    pending.enter(made)
    return made


def test_the_sweep_ends_what_is_past_its_deadline_and_nothing_else() -> None:
    pending = Pending(threads=1_000)
    late = [call(pending, deadline=at) for at in (10.0, 20.0)]
    early = call(pending, deadline=20.1)
    assert pending.sweep(20.0) == late
    assert (early in pending, len(pending)) == (True, 1)
    early.cancel()
    assert len(pending) == 0


def test_the_table_is_bounded_and_a_call_that_ends_makes_room() -> None:
    pending = Pending(threads=1_000_000)
    calls = [call(pending) for _ in range(MAX_PENDING)]
    with pytest.raises(Unavailable, match="sales_unavailable"):
        call(pending, "sales")
    calls[0].cancel()
    call(pending, "sales")


def test_a_silent_service_keeps_half_of_the_threads_waiting_and_the_others_are_still_asked() -> None:
    clock = Clock()
    pending = Pending(threads=8, clock=clock)
    askers = [object() for _ in range(6)]
    calls = [call(pending, "sales", asker) for asker in askers for _ in range(20)]
    assert pending.sweep(0) == [], "no one is silent yet"
    clock.now += SILENT_SECONDS + 0.1
    assert pending.sweep(0) == calls[80:], "those that came first keep their place"
    with pytest.raises(Unavailable, match="sales_unavailable"):
        call(pending, "sales")
    call(pending, "people")
    assert pending.answered(calls[0].id) is calls[0]
    call(pending, "sales")


def test_a_service_that_was_idle_is_not_silent() -> None:
    clock = Clock()
    pending = Pending(threads=2, clock=clock)
    first = call(pending)
    assert pending.answered(first.id) is first
    clock.now += 3600
    for _ in range(3):
        call(pending)
    assert pending.sweep(0) == []


def test_a_slow_service_that_answers_somebody_is_not_silent() -> None:
    clock = Clock()
    pending = Pending(threads=2, clock=clock)
    calls = [call(pending) for _ in range(10)]
    for earlier, _ in pairwise(calls):
        clock.now += SILENT_SECONDS * 0.9
        assert pending.sweep(0) == []
        assert pending.answered(earlier.id) is earlier


def test_an_answer_of_the_bus_is_json_as_the_service_wrote_it(bus: Bus, wire: Wire) -> None:
    wire.answers["people.get_person"] = {"name": "Açaí", "amount": "0.10"}
    assert json.dumps(bus.call("people", "get_person", {}, context())) == json.dumps({"name": "Açaí", "amount": "0.10"})
