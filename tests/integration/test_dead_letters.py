"""The operator's command over `dead.<service>`: what was given up is listed without values, tried again, or dropped."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import pika
import pytest

from deploy.parked import run
from services.chassis.errors import Invalid
from services.chassis.messaging.publisher import Publisher
from tests.chaos.rig import Rig
from tests.integration.test_events import envelope
from tests.support.stack.bus import Bus
from tests.support.stack.ports import wait_for

HEARD = "evt-probe-noted--probe.on_probe_noted"


@pytest.fixture
def operator(rig: Rig, bus: Bus, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("MONGO_URI", "AMQP_URI", "VINCULO_DATABASE_PREFIX"):
        monkeypatch.setenv(name, rig.env[name])
    bus.take_all("dead.probe")
    yield
    bus.take_all("dead.probe")


def bury(bus: Bus, body: bytes, queue: str) -> None:
    headers = {
        "vinculo-signature": bus.keys.ring("probe").sign(b"probe.noted", body), "vinculo-reason": "KeyError",
        "vinculo-queue": queue, "vinculo-attempt": 4, "vinculo-first-failed-at": 1790000000,
    }  # fmt: skip
    bus.publish("", "dead.probe", body, pika.BasicProperties(content_type="application/json", headers=headers))


@pytest.mark.usefixtures("operator")
def test_an_event_is_listed_shown_and_requeued_and_a_request_only_dropped(rig: Rig, bus: Bus) -> None:
    text = uuid.uuid4().hex
    bury(bus, json.dumps(envelope(text)).encode(), HEARD)
    bury(bus, b'{"secret": "x"}', "rpc-probe")
    wait_for(lambda: rig.depth("dead.probe") == 2, what="both buried")
    event, request = (line.split("\t") for line in run("list", ["probe"], None, False))
    assert event[2:5] == [HEARD, "4", "KeyError"]
    shown = run("show", ["probe"], event[1], False)[0]
    assert text not in shown
    assert "data.text" in json.loads(shown)["fields"]
    assert text in run("show", ["probe"], event[1], True)[0]
    assert run("requeue", ["probe"], None, False) == [f"{event[1]}\trequeued", f"{request[1]}\tkept: a request"]
    wait_for(lambda: text in rig.texts("heard"), what="the effect")
    assert [line.split("\t")[1] for line in run("list", ["probe"], None, False)] == [request[1]]
    assert run("drop", ["probe"], request[1], False) == [f"{request[1]}\tdropped"]
    wait_for(lambda: rig.depth("dead.probe") == 0, what="nothing left")


def test_what_the_broker_takes_from_nobody_is_the_messages_own_fault(rig: Rig) -> None:
    publisher = Publisher(rig.env["AMQP_URI"], 5.0)
    with pytest.raises(Invalid, match="message_refused"):
        publisher.publish("no-such-exchange", "x", b"{}", {})
    publisher.publish("", "dead.probe", b"{}", {})
    publisher.close()
    rig.parked()
