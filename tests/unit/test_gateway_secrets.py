"""What the gateway asks secretly is unreadable on the bus, both ways."""

from __future__ import annotations

import json
import time

import pytest

from gateway.bus.calls import Request
from services.chassis.access.context import INSTALLATION, Context
from services.chassis.access.keyring import GATEWAY
from services.chassis.errors import Failure
from tests.support.fakes.bus import KEYS, Wire, bus_on

CONTEXT = Context(INSTALLATION, "anonymous", "anonymous", ("installation.sign_in",), "r1", time.time() + 86_400)
ASKED = {"login": "ana@padaria.example", "password": "janela azul"}


def test_a_secret_travels_encrypted_and_so_does_its_answer() -> None:
    wire = Wire({"people.sign_in": {"token": "t1"}})
    wire.secret = {"people.sign_in"}
    assert bus_on(wire).call_secretly("people", "sign_in", ASKED, CONTEXT) == {"token": "t1"}
    (body,) = wire.bodies
    assert b"janela" not in body
    assert b"login" not in body
    assert json.loads(KEYS.ring("people").decrypt(GATEWAY, body))["kwargs"] == ASKED


def test_an_answer_in_clear_to_a_secret_is_not_believed() -> None:
    wire = Wire({"people.sign_in": {"token": "t1"}})
    with pytest.raises(Failure, match="reply_malformed"):
        bus_on(wire).call_secretly("people", "sign_in", ASKED, CONTEXT)


@pytest.mark.parametrize("method", ["sign_in", "get"])
def test_an_answer_of_another_service_is_not_taken_and_the_own_one_is_waited_for(method: str) -> None:
    """Who reads the bus knows where replies go; what people says of a password becomes a token here."""
    wire = Wire({f"people.{method}": {"token": "forged"}})
    wire.secret, wire.speaks_for = {"people.sign_in"}, {"people": "sales"}
    bus, secret = bus_on(wire), method == "sign_in"
    with bus.gather(CONTEXT, Request("people", method, ASKED, secret=secret)) as (call,):
        assert bus.pending == 1
        wire.speaks_for, wire.answers[f"people.{method}"] = {}, {"token": "t1"}
        wire.again()
        assert call.result() == {"token": "t1"}


def test_a_recorded_answer_is_none_to_another_request() -> None:
    wire = Wire({"people.get": {"name": "Ana"}})
    bus = bus_on(wire)
    assert bus.call("people", "get", {"id": "1"}, CONTEXT) == {"name": "Ana"}
    recorded = wire.replies[0]
    wire.silent = {"people"}
    with bus.gather(CONTEXT, Request("people", "get", {"id": "2"})) as (call,):
        recorded[0].correlation_id = call.id
        bus._on_reply(wire, None, *recorded)
        assert bus.pending == 1


def test_the_rest_travels_as_it_is() -> None:
    wire = Wire({"people.get": {"name": "Ana"}})
    assert bus_on(wire).call("people", "get", {"id": "1"}, CONTEXT) == {"name": "Ana"}
    assert json.loads(wire.bodies[0])["kwargs"] == {"id": "1"}
