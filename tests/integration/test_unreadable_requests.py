"""A body that cannot be read is parked whole, refused, and named in one short log line; the service goes on."""

from __future__ import annotations

import os

import pytest

from tests.chaos.rig import Rig
from tests.support.stack import raw
from tests.support.stack.bus import Bus
from tests.support.stack.ports import wait_for

GARBAGE = os.urandom(1_000_000)
BODIES = {
    "wrong content type": (raw.body_of({"seconds": 0}), "application/x-python-serialize"),
    "broken JSON": (b'{"args": [], "kwargs": {', "application/json"),
    "100,000 levels": (b'{"args": [], "kwargs": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "application/json"),
    "1 MB of garbage": (GARBAGE, "application/json"),
    "not an object": (b'"text"', "application/json"),
    "arguments that are a list": (b'{"args": [], "kwargs": [1]}', "application/json"),
}


@pytest.mark.parametrize("name", sorted(BODIES))
def test_an_unreadable_request_is_parked_and_refused(rig: Rig, bus: Bus, name: str) -> None:
    body, content_type = BODIES[name]
    rig.parked()
    before = len(rig.processes["probe"].log_text())
    answer = raw.ask(bus, "probe.nap", body, raw.sealed(bus, "probe.nap", body), content_type)
    assert answer["error"]["code"] == "message_unreadable"
    wait_for(lambda: rig.depth("dead.probe") == 1, what="parked")
    ((properties, parked),) = rig.parked()
    assert parked == body
    assert properties.headers["vinculo-reason"] == "message_unreadable"
    lines = rig.processes["probe"].log_text()[before:].splitlines()
    assert any("message parked" in line for line in lines)
    assert max(map(len, lines)) < 1_000
    assert bus.result("probe", "nap", {"seconds": 0}) == {"seconds": 0.0}
