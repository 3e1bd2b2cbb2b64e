"""The operator's command over `dead.<service>`: what was given up is listed without values, tried again, or dropped."""

from __future__ import annotations

import json
import uuid

import pika
import pytest

from deploy.operations import parked
from services.chassis.errors import Invalid
from services.chassis.messaging.publisher import Publisher
from tests.chaos.rig import Rig
from tests.support.builders.probe_events import NOTED_QUEUE, noted_event
from tests.support.stack.bus import Bus
from tests.support.stack.ports import wait_for


def bury(bus: Bus, body: bytes, queue: str) -> None:
    headers = {
        "vinculo-signature": bus.keys.ring("probe").sign(b"probe.noted", body), "vinculo-reason": "KeyError",
        "vinculo-queue": queue, "vinculo-attempt": 4, "vinculo-first-failed-at": 1790000000,
    }  # fmt: skip
    bus.publish("", "dead.probe", body, pika.BasicProperties(content_type="application/json", headers=headers))


@pytest.mark.usefixtures("operator")
def test_an_event_is_listed_shown_and_requeued_and_a_request_only_dropped(rig: Rig, bus: Bus) -> None:
    text = uuid.uuid4().hex
    bury(bus, json.dumps(noted_event(text)).encode(), NOTED_QUEUE)
    bury(bus, b'{"secret": "x"}', "rpc-probe")
    wait_for(lambda: rig.depth("dead.probe") == 2, what="both buried")
    event, request = parked.listed(["probe"], None)
    assert (event.kind, event.tries, event.error) == (NOTED_QUEUE, 4, "KeyError")
    (shown,) = parked.described(["probe"], event.id, values=False)
    assert text not in str(shown)
    assert "data.text" in shown["fields"]
    assert text in str(parked.described(["probe"], event.id, values=True))
    assert parked.requeued(["probe"], None) == [(event.id, "requeued"), (request.id, "kept: a request")]
    wait_for(lambda: text in rig.texts("heard"), what="the effect")
    assert [one.id for one in parked.listed(["probe"], None)] == [request.id]
    assert parked.dropped(["probe"], request.id, "a test's own") == [(request.id, "dropped")]
    wait_for(lambda: rig.depth("dead.probe") == 0, what="nothing left")


@pytest.mark.usefixtures("operator")
def test_one_whose_queue_is_gone_keeps_no_other_one_from_being_requeued(rig: Rig, bus: Bus) -> None:
    text = uuid.uuid4().hex
    bury(bus, json.dumps(noted_event("gone")).encode(), "evt-probe-noted--probe.on_probe_forgotten")
    bury(bus, json.dumps(noted_event(text)).encode(), NOTED_QUEUE)
    wait_for(lambda: rig.depth("dead.probe") == 2, what="both buried")
    outcomes = [outcome.partition(":")[0] for _, outcome in parked.requeued(["probe"], None)]
    assert outcomes == ["kept", "requeued"]
    wait_for(lambda: text in rig.texts("heard"), what="the effect")
    (left,) = parked.listed(["probe"], None)
    assert left.kind.endswith("forgotten")


def test_what_the_broker_takes_from_nobody_is_the_messages_own_fault(rig: Rig) -> None:
    publisher = Publisher(rig.env["AMQP_URI"], 5.0)
    with pytest.raises(Invalid, match="message_refused"):
        publisher.publish("no-such-exchange", "x", b"{}", {})
    publisher.publish("", "dead.probe", b"{}", {})
    publisher.close()
    rig.parked()
