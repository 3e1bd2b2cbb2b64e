"""What a sender says about a message beside its body is believed by nobody: it is handled, or parked as it came."""

from __future__ import annotations

import bz2
import json
import uuid
import zlib
from typing import Any

import pika
import pytest

from deploy.operations import parked
from tests.chaos.rig import Rig
from tests.support.builders.probe_events import NOTED_QUEUE, noted_event
from tests.support.stack import raw
from tests.support.stack.bus import Bus
from tests.support.stack.ports import wait_for

BOMB = bz2.compress(bytes(200_000_000))


def announced(bus: Bus, body: bytes, headers: dict[str, Any], **properties: Any) -> None:
    """An event of the probe's own source, well signed."""
    signed = {"vinculo-signature": bus.keys.ring("probe").sign(b"probe.noted", body), **headers}
    told = pika.BasicProperties(content_type="application/json", headers=signed, delivery_mode=2, **properties)
    bus.publish("probe.events", "noted", body, told)


@pytest.mark.parametrize(
    ("compression", "body"),
    [("gzip", zlib.compress(b"x" * 1000)), ("gzip", b"no compressed bytes"), ("bzip2", BOMB), ("no such thing", b"[")],
    ids=["packed", "not packed", "bomb", "unknown"],
)
def test_a_body_is_never_unpacked_nor_lost_nor_logged(rig: Rig, bus: Bus, compression: str, body: bytes) -> None:
    rig.parked()
    before = len(rig.processes["probe"].log_text())
    announced(bus, body, {"compression": compression})
    wait_for(lambda: rig.depth("dead.probe") == 1, what="parked")
    ((properties, kept),) = rig.parked()
    assert (properties.headers["vinculo-reason"], kept) == ("message_unreadable", body)
    assert max(map(len, rig.processes["probe"].log_text()[before:].splitlines())) < 1_000


def test_a_compressed_request_is_refused_and_parked_as_it_came(rig: Rig, bus: Bus) -> None:
    rig.parked()
    body = zlib.compress(raw.body_of({"seconds": 0}))
    headers = {**raw.sealed(bus, "probe.nap", body), "compression": "gzip"}
    assert raw.ask(bus, "probe.nap", body, headers)["error"]["code"] == "message_unreadable"
    wait_for(lambda: rig.depth("dead.probe") == 1, what="parked")
    assert rig.parked()[0][1] == body


def test_a_message_that_says_nothing_of_itself_is_parked_too(rig: Rig, bus: Bus) -> None:
    rig.parked()
    bus.publish("probe.events", "noted", b"{}", pika.BasicProperties())
    bus.publish("nameko-rpc", "probe.nap", b"{}", pika.BasicProperties())
    wait_for(lambda: rig.depth("dead.probe") == 2, what="parked")
    reasons = sorted(properties.headers["vinculo-reason"] for properties, _ in rig.parked())
    assert reasons == ["message_unreadable", "signature_invalid"]


@pytest.mark.parametrize("encoding", ["utf-16", "punycode", "no such thing"])
def test_bytes_are_read_as_they_came_whatever_their_encoding_is_said_to_be(rig: Rig, bus: Bus, encoding: str) -> None:
    text = uuid.uuid4().hex
    announced(bus, json.dumps(noted_event(text)).encode(), {}, content_encoding=encoding)
    wait_for(lambda: text in rig.texts("heard"), what="the effect")


LIES: dict[str, dict[str, Any]] = {
    "words": {"vinculo-attempt": "ten", "vinculo-first-failed-at": "yesterday"},
    "negative": {"vinculo-attempt": -1_000_000, "vinculo-first-failed-at": -5},
    "far": {"vinculo-attempt": 2**62, "vinculo-first-failed-at": 2**62},
    "tables": {"vinculo-attempt": {"a": 1}, "vinculo-first-failed-at": [1], "traceparent": {"x": [1]}},
    "deaths": {"x-death": "many", "x-first-death-queue": {"a": 1}, "x-first-death-reason": 5},
}


@pytest.mark.parametrize("lies", list(LIES.values()), ids=list(LIES))
def test_headers_that_lie_keep_no_message_from_being_parked_with_its_reason(
    rig: Rig, bus: Bus, lies: dict[str, Any]
) -> None:
    rig.parked()
    announced(bus, b"[1]", lies)
    wait_for(lambda: rig.depth("dead.probe") == 1, what="parked")
    ((properties, _),) = rig.parked()
    said = properties.headers
    assert (said["vinculo-reason"], said["vinculo-queue"]) == ("message_unreadable", NOTED_QUEUE)


@pytest.mark.parametrize("lies", list(LIES.values()), ids=list(LIES))
def test_a_request_whose_headers_lie_is_parked_as_any_other(rig: Rig, bus: Bus, lies: dict[str, Any]) -> None:
    rig.parked()
    answer = raw.ask(bus, "probe.nap", b"[1]", lies)
    assert answer["error"]["code"] == "message_unreadable"
    wait_for(lambda: rig.depth("dead.probe") == 1, what="parked")
    rig.parked()


@pytest.mark.usefixtures("operator")
@pytest.mark.parametrize("lies", list(LIES.values()), ids=list(LIES))
def test_the_operator_sees_dead_letters_whatever_one_of_them_says(rig: Rig, bus: Bus, lies: dict[str, Any]) -> None:
    bus.publish("", "dead.probe", b"[1]", pika.BasicProperties(headers=lies))
    wait_for(lambda: rig.depth("dead.probe") == 1, what="there")
    (one,) = parked.listed(["probe"], None)
    assert one.tries >= 0
    assert parked.dropped(["probe"], one.id, "a test's own") == [(one.id, "dropped")]


@pytest.mark.parametrize("said", [{"company": {"$gt": ""}}, {"sequence": 2**70}], ids=["company", "sequence"])
def test_an_envelope_that_is_none_is_parked_at_once_without_effect(rig: Rig, bus: Bus, said: dict[str, Any]) -> None:
    rig.parked()
    text = uuid.uuid4().hex
    bus.announce("probe", "noted", {**noted_event(text), **said})
    wait_for(lambda: rig.depth("dead.probe") == 1, what="parked")
    ((properties, _),) = rig.parked()
    assert properties.headers["vinculo-reason"] == "message_unreadable"
    assert not rig.starts("heard", text)


@pytest.mark.parametrize(
    "reply_to",
    [
        "amq.rabbitmq.reply-to.nobody",
        "amq.rabbitmq.reply-to.g2dkAAt",
        "probe.nap",
        "probe.note",
        "rpc-probe",
        "x" * 255,
    ],
    ids=lambda said: f"{said:.40}",
)
def test_an_answer_to_an_address_that_is_none_stops_nothing(rig: Rig, bus: Bus, reply_to: str) -> None:
    rig.parked()
    body = raw.body_of({"seconds": 0})
    told = pika.BasicProperties(
        content_type="application/json", reply_to=reply_to, correlation_id="x", priority=255, expiration="60000",
        headers=raw.sealed(bus, "probe.nap", body),
    )  # fmt: skip
    for _ in range(3):
        bus.publish("nameko-rpc", "probe.nap", body, told)
    assert bus.result("probe", "nap", {"seconds": 0}) == {"seconds": 0.0}
    assert rig.processes["probe"].alive()
    rig.parked()
