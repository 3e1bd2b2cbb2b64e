"""Row P9: who reads the broker learns no secret, and who may write to it speaks for nobody but themselves."""

from __future__ import annotations

import datetime as dt
import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pika
import pytest

from services.chassis.access.context import CONTEXT_HEADER, SIGNATURE_HEADER, Context, seal
from tests.support.builders import people, users
from tests.support.problems import refused
from tests.support.stack.bus import PERMISSIONS, Bus
from tests.support.stack.ports import wait_for
from tests.support.stack.raw import ask, body_of
from tests.support.stack.system import PASSWORD, Client, System

Seen = list[tuple[str, Any, bytes]]


@pytest.fixture
def bus(system: System) -> Iterator[Bus]:
    one = Bus(system.env["AMQP_URI"], system.keys)
    yield one
    one.close()


@contextmanager
def tapped(bus: Bus) -> Iterator[Seen]:
    """What passes the exchange of requests in the block: (routing key, properties, body)."""
    queue = bus.do(lambda channel: channel.queue_declare("", exclusive=True)).method.queue
    bus.do(lambda channel: channel.queue_bind(queue, "nameko-rpc", "#"))
    seen: Seen = []
    yield seen
    while True:
        method, properties, body = bus.do(lambda channel: channel.basic_get(queue, auto_ack=True))
        if method is None:
            return
        seen.append((method.routing_key, properties, body))


def recorded(seen: Seen, routing_key: str) -> tuple[dict[str, Any], bytes]:
    """The headers and body of the one such request."""
    ((headers, body),) = [(properties.headers, body) for key, properties, body in seen if key == routing_key]
    return headers, body


def a_key() -> dict[str, Any]:
    ends = (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).isoformat()
    return {"name": people.unique_word(), "permissions": ["people.read"], "expires_at": ends}


def test_passwords_tokens_and_keys_are_unreadable_on_the_bus(system: System, ana: Client, bus: Bus) -> None:
    wanted = "quatro janelas azuis"
    with tapped(bus) as seen:
        token = Client(system.url, "ana@padaria.example").session["refresh_token"]
        refreshed = ana.post("/v1/session/refresh", {"refresh_token": token})
        key = ana.post("/v1/keys", a_key())["key"]
        assert ana.http.get(f"{system.url}/v1/persons", headers={"Authorization": f"Bearer {key}"}, timeout=20).ok
        made = users.create(ana, "seller", password=wanted)
        ana.put(f"/v1/users/{made['id']}/password", {"password": f"{wanted} e mais"})
    expected = ("sign_in", "refresh_session", "create_key", "verify_key", "create_user", "reset_password")
    assert {f"people.{name}" for name in expected} <= {routing_key for routing_key, _, _ in seen}
    for routing_key, properties, body in seen:
        for secret in (PASSWORD, token, refreshed["refresh_token"], key, wanted):
            assert secret.encode() not in body + str(properties.headers).encode(), routing_key
    for name in system.processes:
        assert not any(secret in system.processes[name].log_text() for secret in (token, key, wanted)), name


def test_a_recorded_create_key_or_sign_in_gives_nothing_more(system: System, ana: Client, bus: Bus) -> None:
    """As who listens would: the same message, within its time, with another address for the reply."""
    kept = system.mongo("people")
    asking: dict[str, Callable[[], Any]] = {
        "create_key": lambda: ana.post("/v1/keys", a_key()),
        "sign_in": lambda: Client(system.url, "ana@padaria.example"),
    }
    for method, collection in (("create_key", "keys"), ("sign_in", "sessions")):
        before = kept[collection].count_documents({})
        with tapped(bus) as seen:
            asking[method]()
        headers, body = recorded(seen, f"people.{method}")
        codes = [ask(bus, f"people.{method}", body, headers)["error"]["code"] for _ in range(3)]
        assert codes == ["request_repeated"] * 3
        assert kept[collection].count_documents({}) == before + 1


def test_a_recorded_wrong_password_is_counted_once(system: System, bus: Bus) -> None:
    wrong = {"login": users.login(), "password": "outra coisa qualquer"}
    with tapped(bus) as seen:
        refused(users.sign_in(system, **wrong), 401, "credentials_invalid")
    headers, body = recorded(seen, "people.sign_in")
    codes = [ask(bus, "people.sign_in", body, headers)["error"]["code"] for _ in range(8)]
    assert codes == ["request_repeated"] * 8
    refused(users.sign_in(system, **wrong), 401, "credentials_invalid")


@pytest.mark.parametrize("liar", ["people", "attendance", "sales", "scheduling", "notifications"])
def test_a_service_cannot_ask_as_the_gateway(system: System, bus: Bus, liar: str) -> None:
    routing_key, body = "sales.list_quotes" if liar == "people" else "people.list_users", body_of({"limit": 1})
    context = Context("c1", "u1", "Ana", PERMISSIONS, uuid.uuid4().hex, time.time() + 10)
    headers = seal(context, routing_key, body, system.keys.ring(liar))
    assert ask(bus, routing_key, body, headers)["error"]["code"] == "signature_invalid"
    signed = system.keys.ring(liar).sign(routing_key.encode(), headers[CONTEXT_HEADER].encode(), body)
    assert ask(bus, routing_key, body, {**headers, SIGNATURE_HEADER: signed})["error"]["code"] == "signature_invalid"


def test_a_service_cannot_announce_for_another(system: System, ana: Client, bus: Bus) -> None:
    before = system.queue_length("dead.sales")
    person = ana.register(people.unique_word())
    company = ana.session["company"]
    envelope = {
        "id": uuid.uuid4().hex, "company": company, "aggregate": person["id"], "sequence": 99, "cause": "r",
        "actor": {"id": "u1", "name": "Ana"}, "at": "2026-01-01T00:00:00+00:00",
        "data": {"person_id": person["id"], "code": 1, "name": "Outra", "email": None},
    }  # fmt: skip
    body = json.dumps(envelope).encode()
    headers = {SIGNATURE_HEADER: system.keys.ring("attendance").sign(b"people.person_changed", body)}
    properties = pika.BasicProperties(headers=headers, content_type="application/json", delivery_mode=2)
    bus.publish("people.events", "person_changed", body, properties)
    wait_for(lambda: system.queue_length("dead.sales") > before, what="the forged event parked")
    parked = bus.take_all("dead.sales")
    assert parked[-1][0].headers["vinculo-reason"] == "signature_invalid"
    for service in ("attendance", "scheduling", "notifications"):
        bus.take_all(f"dead.{service}")
