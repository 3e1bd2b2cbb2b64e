"""An event has its effect once; one that fails is tried again with growing delays, then parked once with its reason."""

from __future__ import annotations

import itertools
import json
import uuid

import pika

from tests.chaos.rig import DELAYS, Rig
from tests.support.builders.probe_events import noted_event
from tests.support.stack import raw
from tests.support.stack.bus import Bus
from tests.support.stack.ports import wait_for

HEARD = {"method": "on_probe_noted"}


def handled(rig: Rig, **labels: str) -> float:
    return raw.counters(rig.ports["probe"], "vinculo_messages_total", **HEARD, **labels)


def test_three_deliveries_of_one_event_have_one_effect(rig: Rig, bus: Bus) -> None:
    text = uuid.uuid4().hex
    event, before = noted_event(text), handled(rig, outcome="ok")
    for _ in range(3):
        bus.announce("probe", "noted", event)
    wait_for(lambda: handled(rig, outcome="ok") >= before + 3, what="three deliveries handled")
    assert rig.texts("heard").count(text) == 1


def test_a_handler_that_always_fails_is_tried_once_a_delay_and_parked_once(rig: Rig, bus: Bus) -> None:
    rig.parked()
    text = uuid.uuid4().hex
    bus.announce("probe", "noted", noted_event(text, failures=-1))
    wait_for(lambda: rig.depth("dead.probe") == 1, sum(DELAYS) + 20, "parked")
    tries = rig.starts("heard", text)
    assert len(tries) == len(DELAYS) + 1
    gaps = [later - earlier for earlier, later in itertools.pairwise(tries)]
    assert all(gap >= delay * 0.9 for gap, delay in zip(gaps, DELAYS, strict=True)), gaps
    ((properties, body),) = rig.parked()
    assert json.loads(body)["data"]["text"] == text
    assert properties.headers["vinculo-reason"] == "RuntimeError"
    assert properties.headers["vinculo-queue"] == "evt-probe-noted--probe.on_probe_noted"
    assert text not in rig.texts("heard")


def test_a_handler_that_fails_once_has_its_effect_once_and_parks_nothing(rig: Rig, bus: Bus) -> None:
    rig.parked()
    text = uuid.uuid4().hex
    bus.announce("probe", "noted", noted_event(text, failures=1))
    wait_for(lambda: text in rig.texts("heard"), what="the second try")
    assert len(rig.starts("heard", text)) == 2
    assert rig.texts("heard").count(text) == 1
    assert rig.depth("dead.probe") == 0


def test_a_forged_event_is_parked_at_once_without_effect(rig: Rig, bus: Bus) -> None:
    rig.parked()
    text = uuid.uuid4().hex
    properties = pika.BasicProperties(content_type="application/json", headers={"vinculo-signature": "0" * 64})
    bus.publish("probe.events", "noted", json.dumps(noted_event(text)).encode(), properties)
    wait_for(lambda: rig.depth("dead.probe") == 1, what="parked")
    ((properties, _),) = rig.parked()
    assert properties.headers["vinculo-reason"] == "signature_invalid"
    assert not rig.starts("heard", text)


def test_an_event_with_an_unreadable_body_is_parked_at_once(rig: Rig, bus: Bus) -> None:
    rig.parked()
    body = b'{"id": '
    headers = {"vinculo-signature": bus.keys.ring("probe").sign(b"probe.noted", body)}
    bus.publish("probe.events", "noted", body, pika.BasicProperties(content_type="application/json", headers=headers))
    wait_for(lambda: rig.depth("dead.probe") == 1, what="parked")
    ((properties, parked),) = rig.parked()
    assert (properties.headers["vinculo-reason"], parked) == ("message_unreadable", body)


def test_an_event_that_nobody_hears_waits_in_the_unrouted_queue(rig: Rig, bus: Bus) -> None:
    bus.take_all("unrouted")
    bus.announce("probe", "never_heard", noted_event("nobody"))
    wait_for(lambda: rig.depth("unrouted") == 1, what="unrouted")
    bus.take_all("unrouted")
