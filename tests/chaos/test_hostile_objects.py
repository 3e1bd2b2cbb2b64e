"""Objects that a serializer might bring to life, through every field of every method."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from deploy.topology import SERVICES
from tests.chaos.rig import Rig
from tests.support.stack.bus import Bus, NoAnswer
from tests.support.stack.ledger import Ledger

CORPUS: tuple[Any, ...] = (
    {"__type__": "x", "__value__": 1},
    {"__type__": "datetime", "__value__": "2026-01-01T00:00:00"},
    {"__type__": "bytes", "__value__": "AA=="},
    {"__type__": "decimal", "__value__": "1.5"},
)


def methods() -> list[tuple[str, str, list[str]]]:
    """(service, method, fields) of all that can be called."""
    return [
        (service.name, name, list(method.chassis_rpc.takes().fields))
        for service in SERVICES
        for name, method in vars(service).items()
        if hasattr(method, "chassis_rpc")
    ]


def test_typed_objects_stay_plain(rig: Rig) -> None:
    rig.start_five()
    rig.start("probe")
    bus, ledger, outcomes = rig.bus(), Ledger("typed-objects"), Counter[str]()
    started = time.monotonic()
    for index, thing in enumerate(CORPUS):
        ledger.attempt(f"objeto {index}")
        kept = bus.result("probe", "note", {"text": f"objeto {index}", "raw": thing}, key=f"objeto {index}")
        assert (kept["raw_type"], kept["raw"]) == ("dict", thing)
        ledger.acknowledge(f"objeto {index}")
        for service, method, names in methods():
            for name in names:
                outcomes[_outcome(bus, service, method, {name: thing})] += 1
                outcomes[_outcome(bus, service, method, {name: [thing]})] += 1
    stored = {str(note["raw"]) for note in rig.documents("probe", "notes")}
    converted = len({str(thing) for thing in CORPUS} ^ stored)
    ledger.settle(
        rig.texts("notes"), time.monotonic() - started, calls=sum(outcomes.values()), converted=converted,
        hung=outcomes["hung"], outcomes=dict(outcomes), deaths=rig.deaths(),
    )  # fmt: skip
    assert converted == 0
    assert set(outcomes) == {"invalid"}
    assert rig.deaths() == 0


def _outcome(bus: Bus, service: str, method: str, data: dict[str, Any]) -> str:
    try:
        answer = bus.call(service, method, data, seconds=5)
    except NoAnswer:
        return "hung"
    return str(answer["error"]["kind"]) if answer["error"] else "accepted"
