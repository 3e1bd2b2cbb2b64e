"""Messages that are malformed, always fail, or come twice: each has its effect once, or is parked with its reason."""

from __future__ import annotations

import json
import time
import uuid
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pika

from services.chassis.access.context import Context, seal
from services.chassis.messaging.topology import Subscription
from tests.chaos.rig import COMPANY, DELAYS, Rig
from tests.support.stack.bus import PERMISSIONS
from tests.support.stack.ledger import Ledger
from tests.support.stack.ports import wait_for

EVENTS = Subscription("probe", "noted", "probe").queue
SECRET = b"SEGREDO-NO-CORPO"
NESTED = b'{"kwargs":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
GARBAGE = {
    "wrong_type": ("application/x-python-serialize", b'{"kwargs": {"text": "x"}}'),
    "broken": ("application/json", b'{"kwargs": ' + SECRET),
    "nested": ("application/json", NESTED),
    "megabyte": ("application/json", SECRET + b"\xff\x00" * 500_000),
}


def test_a_request_without_reply_to_ends_no_service(rig: Rig) -> None:
    """A command is handled one-way; broken ones leave the service alive."""
    process, bus, ledger = rig.start("probe"), rig.bus(), Ledger("no-reply-to")
    for index in range(5):
        key = f"sem resposta {index}"
        body = json.dumps({"args": [], "kwargs": {"text": key}}).encode()
        context = Context(COMPANY, "u1", "Ana", PERMISSIONS, uuid.uuid4().hex, time.time() + 10, key)
        headers = seal(context, "probe.note", body, rig.keys.ring())
        properties = pika.BasicProperties(content_type="application/json", headers=headers)
        ledger.attempt(key)
        bus.publish("nameko-rpc", "probe.note", body, properties)
        bus.publish("nameko-rpc", "probe.unknown", b"{}", pika.BasicProperties(content_type="application/json"))
        bus.publish("nameko-rpc", "probe.note", b"{}", pika.BasicProperties())
        ledger.acknowledge(key)
    sent = time.monotonic()
    bus.result("probe", "nap", {"seconds": 0})
    next_call = time.monotonic() - sent
    wait_for(lambda: len(rig.texts("heard")) == 5, 15, "five effects")
    ledger.settle(
        rig.texts("notes"), next_call, {"heard": Counter(rig.texts("heard"))},
        deaths=rig.deaths(), next_call_ms=next_call * 1000,
    )  # fmt: skip
    assert process.alive()


def test_unreadable_messages_are_parked(rig: Rig) -> None:
    """To the request queue and to the event queue, the latter also with a valid signature."""
    rig.start("probe")
    bus, ledger = rig.bus(), Ledger("unreadable")
    for content_type, body in GARBAGE.values():
        properties = pika.BasicProperties(content_type=content_type)
        bus.publish("nameko-rpc", "probe.note", body, properties)
        bus.publish("probe.events", "noted", body, properties)
        headers = {"vinculo-signature": rig.keys.ring("probe").sign(b"probe.noted", body)}
        signed = pika.BasicProperties(content_type=content_type, headers=headers)
        bus.publish("probe.events", "noted", body, signed)
    started = time.monotonic()
    ledger.attempt("depois")
    bus.insist("probe", "note", {"text": "depois"}, "depois")
    ledger.acknowledge("depois")
    wait_for(lambda: rig.texts("heard"), 15, "the good event")
    recovered = time.monotonic() - started
    wait_for(lambda: rig.depth("dead.probe") == 12, 15, "twelve parked")
    parked = rig.parked()
    reasons = Counter(properties.headers["vinculo-reason"] for properties, _ in parked)
    log = rig.processes["probe"].log_text()
    ledger.settle(
        rig.texts("notes"), recovered, {"heard": Counter(rig.texts("heard"))},
        parked=len(parked), reasons=dict(reasons), longest_log_line=max(map(len, log.splitlines())),
        deaths=rig.deaths(),
    )  # fmt: skip
    assert sorted(body for _, body in parked) == sorted([body for _, body in GARBAGE.values()] * 3)
    assert reasons == {"message_unreadable": 8, "signature_invalid": 4}
    assert SECRET.decode() not in log
    assert max(map(len, log.splitlines())) < 1024
    assert rig.deaths() == 0


def test_an_event_whose_handler_always_fails_is_retried_and_parked(rig: Rig) -> None:
    """The configured ladder, within 20 %, then parked once with the cause; others go on meanwhile."""
    rig.start("probe")
    bus, ledger = rig.bus(), Ledger("always-fails")
    bus.result("probe", "note", {"text": "ruim", "event_failures": -1}, key="ruim")
    for index in range(5):
        ledger.attempt(f"bom {index}")
        bus.result("probe", "note", {"text": f"bom {index}"}, key=f"bom {index}")
        ledger.acknowledge(f"bom {index}")
    wait_for(lambda: len(rig.texts("heard")) == 5, 10, "the good ones, before the bad one's end")
    wait_for(lambda: rig.depth("dead.probe") == 1, sum(DELAYS) + 15, "parked")
    time.sleep(1)
    at = rig.starts("heard", "ruim")
    delays = [round(later - earlier, 2) for earlier, later in pairwise(at)]
    parked = rig.parked()
    headers = parked[0][0].headers
    ledger.settle(
        [text for text in rig.texts("notes") if text != "ruim"], at[-1] - at[0], {"heard": Counter(rig.texts("heard"))},
        attempts=len(at), delays=delays, parked=len(parked), reason=headers["vinculo-reason"],
    )  # fmt: skip
    assert len(at) == len(DELAYS) + 1
    assert all(wanted <= real <= wanted * 1.2 + 0.15 for wanted, real in zip(DELAYS, delays, strict=True))
    assert (len(parked), headers["vinculo-reason"], headers["vinculo-queue"]) == (1, "RuntimeError", EVENTS)


def test_a_handler_that_fails_twice_and_then_works_has_its_effect_once(rig: Rig) -> None:
    rig.start("probe")
    bus, ledger = rig.bus(), Ledger("fails-twice")
    for text, failures in (("teimoso", 2), ("outro", 0)):
        ledger.attempt(text)
        bus.result("probe", "note", {"text": text, "event_failures": failures}, key=text)
        ledger.acknowledge(text)
    wait_for(lambda: len(rig.texts("heard")) == 2, 15, "both effects")
    at = rig.starts("heard", "teimoso")
    ledger.settle(
        rig.texts("notes"), at[-1] - at[0], {"heard": Counter(rig.texts("heard"))},
        attempts=len(at), parked=rig.depth("dead.probe"),
    )  # fmt: skip
    assert rig.texts("heard") == ["outro", "teimoso"]
    assert len(at) == 3


def test_the_same_event_three_times_at_once_to_two_replicas_has_one_effect(rig: Rig) -> None:
    rig.start("first", "probe", ready=False)
    rig.start("second", "probe", ready=False)
    rig.wait_ready("first", "second")
    bus, ledger = rig.bus(), Ledger("three-times")
    started = time.monotonic()
    for index in range(20):
        text = f"evento {index}"
        ledger.attempt(text)
        envelope = _envelope(text)
        for _ in range(3):
            bus.announce("probe", "noted", envelope)
        ledger.acknowledge(text)
    wait_for(lambda: len(rig.texts("heard")) >= 20 and rig.depth(EVENTS) == 0, 20, "all heard")
    took = time.monotonic() - started
    time.sleep(2 * DELAYS[0])
    ledger.settle(rig.texts("heard"), took, sends=60, starts=len(rig.starts("heard")), parked=rig.depth("dead.probe"))
    assert rig.depth("dead.probe") == 0


def _envelope(text: str) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex, "source": "probe", "name": "noted", "version": 1, "company": COMPANY,
        "aggregate": uuid.uuid4().hex, "sequence": 1, "actor": {"id": "u1", "name": "Ana"}, "cause": "teste",
        "at": datetime.now(UTC).isoformat(), "data": {"text": text, "seconds": 0.2},
    }  # fmt: skip
