"""What a service answers is passed on as it came; a fan-out is one wake, one write, and one context."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pika.adapters.select_connection import SelectConnection

from gateway.app import create_app
from gateway.bus import rpc
from gateway.bus.answers import Answer, answer_of, result_of
from gateway.bus.calls import Request
from gateway.bus.connection import Connection
from gateway.config import Config
from gateway.http import tokens
from gateway.http.tokens import KnownTokens
from gateway.views.person_view import OWN, SECTIONS
from services.chassis.access.context import Context, to_json
from services.chassis.errors import Conflict, Failure, Forbidden, Internal, NotFound, Unauthenticated
from services.chassis.messaging import answers
from tests.support.fakes.bus import CONFIG, Wire, bus_on
from tests.support.fakes.gateway import USER
from tests.support.fakes.service_answers import ANSWERS

CONTEXT = Context("c1", "u1", "Ana", (), "request-1", time.time() + 3_600)
QUOTE = {"id": "q1", "versions": [{"version": 7}], "note": 'Açaí ",error":null}'}


@pytest.fixture(scope="module")
def made() -> Iterator[Flask]:
    app = create_app(CONFIG)
    yield app
    app.extensions["vinculo"].looks.close()


@pytest.fixture
def wire() -> Wire:
    return Wire(dict(ANSWERS))


@pytest.fixture
def client(made: Flask, wire: Wire) -> FlaskClient:
    object.__setattr__(made.extensions["vinculo"], "bus", bus_on(wire))
    return made.test_client()


def bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue(CONFIG, USER)}"}


@pytest.mark.parametrize("result", [{"id": "p1", "version": 3}, QUOTE, {"items": [], "next_cursor": None}, {}])
def test_an_answer_is_the_bytes_that_the_service_wrote(result: dict[str, Any]) -> None:
    answer = answer_of(answers.answer_of("get", result).body)
    assert answer.body == json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode()
    assert answer.version == result.get("version")
    assert {**answer} == result
    assert len(answer) == len(result)


@pytest.mark.parametrize("result", [{"id": "p1", "version": 3}, QUOTE, [1], "text", 5, None])
def test_a_service_of_an_earlier_version_is_read_as_before(result: Any) -> None:
    body = json.dumps({"result": result, "error": None}).encode()
    answer = answer_of(body)
    assert json.loads(answer.body) == result_of(body) == result
    assert answer.version == (result.get("version") if isinstance(result, dict) else None)


def test_a_refusal_is_raised_whoever_reads_it() -> None:
    body = answers.answer_of("get", None, NotFound("person_not_found", "Não há.", error=None)).body
    for read in (answer_of, result_of):
        with pytest.raises(NotFound, match="person_not_found"):
            read(body)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"result": 1}', b"\xff", b'{"version":1,"result":{}}'])
def test_a_reply_that_is_none_is_our_defect(body: bytes) -> None:
    for read in (answer_of, result_of):
        with pytest.raises(Internal, match="reply_malformed"):
            read(body)


def test_a_record_goes_out_as_it_came_with_its_version_as_etag(client: FlaskClient, wire: Wire) -> None:
    wire.answers["sales.get_quote"] = {**QUOTE, "version": 4}
    answer = client.get("/v1/quotes/q1", headers=bearer())
    assert answer.data == json.dumps({**QUOTE, "version": 4}, ensure_ascii=False, separators=(",", ":")).encode()
    assert answer.content_type == "application/json"
    assert answer.headers["ETag"].startswith('"4-')


def test_a_record_without_a_version_has_none_in_its_etag_whatever_it_holds(client: FlaskClient, wire: Wire) -> None:
    wire.answers["sales.get_quote"] = QUOTE
    tag = client.get("/v1/quotes/q1", headers=bearer()).headers["ETag"]
    assert re.fullmatch(r'"[0-9a-f]{18}"', tag)
    assert client.patch("/v1/persons/p1", json={"name": "x"}, headers={**bearer(), "If-Match": tag}).status_code == 422


@pytest.mark.parametrize(("created", "status"), [(True, 201), (False, 200)])
def test_a_route_that_looks_into_an_answer_passes_it_on_all_the_same(
    client: FlaskClient, wire: Wire, created: bool, status: int
) -> None:
    opened = {"id": "a1", "version": 2, "created": created}
    wire.answers["attendance.open_attendance"] = opened
    answer = client.post("/v1/persons/p1/attendances", json={"subject": "Conversa"}, headers=bearer())
    assert (answer.status_code, answer.get_json(), answer.headers["ETag"]) == (status, opened, '"2"')


def test_no_route_writes_an_answer_again() -> None:
    """Whoever passes a service's answer on does it by `versioned`: `jsonify` knows no Answer."""
    users = [path.name for path in Path("gateway").rglob("*.py") if "jsonify(" in path.read_text()]
    assert sorted(users) == ["app.py", "blueprint.py"]


def test_the_view_is_put_together_from_what_each_service_wrote(client: FlaskClient, wire: Wire) -> None:
    page = {"items": [{"id": "a1", "title": 'Praça ],"next_cursor":null}'}], "next_cursor": "abc_-="}
    told = {"attendances": page, "critical_factors": {"count": 2, "exact": True}}
    wire.answers["attendance.get_person_attendances"] = told
    wire.answers["sales.list_opportunities"] = Failure("odd", "Estranho.")
    empty: dict[str, Any] = {"items": [], "next_cursor": None, "count": 0, "exact": True}
    wire.answers["notifications.list_watchers"] = empty
    view = client.get("/v1/persons/p1/view", headers=bearer()).get_json()
    assert {name: view[name] for name in told} == told
    assert view["person"] == {"id": "p1", "addresses": []}
    assert (view["opportunities"], view["unavailable"], view["withheld"]) == (None, ["opportunities"], [])
    assert view["addresses"] == view["watchers"] == empty


def test_a_section_that_its_service_refuses_is_withheld_and_no_trouble(client: FlaskClient, wire: Wire) -> None:
    wire.answers["sales.list_commission_entries"] = Forbidden("commission_of_another", "É de outra pessoa.")
    wire.answers["attendance.list_production"] = Conflict("production_not_configured", "Não há.")
    wire.answers["sales.list_orders"] = NotFound("person_not_found", "Não há.")
    view = client.get("/v1/persons/p1/view", headers=bearer()).get_json()
    assert (view["unavailable"], view["withheld"]) == ([], ["commission_account"])
    assert (view["commission_account"], view["production"]["items"], view["orders"]["items"]) == (None, [], [])


def test_only_what_the_options_offer_is_asked_for_beyond_what_most_categories_offer(
    client: FlaskClient, wire: Wire
) -> None:
    opened = {"person": {"id": "p1", "addresses": []}, "category": "prospect", "options": ["opportunities"]}
    wire.answers["people.get_opened_person"] = opened
    wire.answers["sales.list_orders"] = Failure("odd", "Não perguntada.")
    view = client.get("/v1/persons/p1/view", headers=bearer()).get_json()
    assert (view["unavailable"], view["orders"], view["critical_factors"]) == ([], None, None)
    assert {*view["withheld"]} == {*OWN, *(one.name for one in SECTIONS)} - {"opportunities"}


def test_a_part_of_a_timeline_that_is_refused_is_withheld_and_one_that_fails_unavailable(
    client: FlaskClient, wire: Wire
) -> None:
    wire.answers["sales.list_quotes"] = NotFound("attendance_not_found", "Não há.")
    wire.answers["sales.list_turns"] = Forbidden("section_hidden", "Não alcança.")
    wire.answers["sales.list_sendings"] = Failure("odd", "Estranho.")
    found = client.get("/v1/opportunities/o1/timeline", headers=bearer()).get_json()
    assert (found["unavailable"], found["withheld"]) == (["sendings"], ["quotes", "turns"])


def test_a_fan_out_wakes_the_io_thread_once_and_writes_its_context_once(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    contexts, wakes = list[Context](), list[Any]()

    def write(context: Context) -> str:
        contexts.append(context)
        return to_json(context)

    monkeypatch.setattr(rpc, "to_json", write)
    bus = bus_on(wire)
    wire.ioloop.add_callback_threadsafe = wakes.append
    with bus.gather(CONTEXT, *[Request("people", "get_person", {})] * 5):
        assert (len(wakes), len(contexts), wire.asked) == (1, 1, [])
        wakes.pop()()
        assert wire.asked == ["people.get_person"] * 5
        with bus.gather(CONTEXT, Request("people", "get_person", {})):
            assert len(wakes) == 1, "what comes after it has looked wakes it again"


def test_what_nobody_waits_for_leaves_with_the_next_connection(wire: Wire) -> None:
    bus = bus_on(wire)
    wire.ioloop.add_callback_threadsafe = lambda callback: None
    with bus.gather(CONTEXT, Request("people", "get_person", {})):
        assert bus.send("people", "record_looks", {}, CONTEXT)
        bus._lose()
    bus._connection, bus._config = wire, CONFIG  # type: ignore[assignment]
    wire.silent.add("people")
    wire.ioloop.call_later = lambda seconds, callback: None
    bus._on_consuming(wire)
    assert wire.asked == ["people.record_looks"]


def test_what_is_said_together_leaves_in_one_write(monkeypatch: pytest.MonkeyPatch) -> None:
    written = list[bytes]()
    monkeypatch.setattr(SelectConnection, "_adapter_emit_data", lambda _, data: written.append(data))
    connection = Connection.__new__(Connection)
    with connection.together():
        for part in (b"a", b"b", b"c"):
            connection._adapter_emit_data(part)
        assert written == []
    connection._adapter_emit_data(b"d")
    with connection.together():
        pass
    assert written == [b"abc", b"d"]


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


def test_a_token_is_verified_once_and_not_believed_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, read, asked = Clock(), tokens.read, list[str]()
    known, token = KnownTokens(clock), tokens.issue(CONFIG, USER)

    def reading(config: Config, text: str) -> tokens.Claims:
        asked.append(text)
        return read(config, text)

    monkeypatch.setattr(tokens, "read", reading)
    assert known.claims(CONFIG, token) == known.claims(CONFIG, token) == read(CONFIG, token)
    assert asked == [token]
    forged = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
    for _ in range(2):
        with pytest.raises(Unauthenticated, match="token_invalid"):
            known.claims(CONFIG, forged)
    clock.now += CONFIG.token_seconds + 1
    known.claims(CONFIG, token)
    assert asked == [token, forged, forged, token], "one that is over is verified again, and then refused"


def test_an_answer_of_no_object_is_passed_on_too() -> None:
    assert Answer(b"[1]", None).body == b"[1]"
