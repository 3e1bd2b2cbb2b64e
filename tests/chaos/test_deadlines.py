"""A call whose service sleeps past the deadline: the caller knows in time, and nothing is done afterwards."""

from __future__ import annotations

import threading
import time
from collections import Counter

from tests.chaos.rig import Rig
from tests.support.stack.bus import NoAnswer
from tests.support.stack.ledger import Ledger
from tests.support.stack.ports import wait_for


def test_a_call_past_its_deadline_ends_in_time_and_leaves_nothing(rig: Rig) -> None:
    """Error in time; a command that overran leaves nothing; a request that expired while it waited never starts."""
    rig.start("probe", VINCULO_MAX_WORKERS="2")
    ledger = Ledger("deadline")
    overrun = max(_overrun(rig, "nap", {"seconds": 3}), _overrun(rig, "note", {"text": "tarde", "seconds": 3}))
    time.sleep(2.5)  # the command's own sleep is over
    late = rig.texts("notes").count("tarde")
    naps = [threading.Thread(target=_overrun, args=(rig, "nap", {"seconds": 4, "text": "cheio"})) for _ in range(2)]
    for nap in naps:
        nap.start()
    wait_for(lambda: len(rig.starts("nap", "cheio")) == 2, 10, "both workers busy")
    waiting = [
        threading.Thread(target=_overrun, args=(rig, "note", {"text": f"vencido {index}"})) for index in range(5)
    ]
    for thread in waiting:
        thread.start()
    for thread in [*waiting, *naps]:
        thread.join(20)
    started = time.monotonic()
    ledger.attempt("depois")
    rig.bus().insist("probe", "note", {"text": "depois"}, "depois")
    ledger.acknowledge("depois")
    recovered = time.monotonic() - started
    wait_for(lambda: rig.texts("heard"), 10, "the event")
    expired = sum(len(rig.starts("note", f"vencido {index}")) for index in range(5))
    ledger.settle(
        rig.texts("notes"), recovered, {"heard": Counter(rig.texts("heard"))},
        overrun_ms=overrun * 1000, executed_after_deadline=expired, committed_late=late, deaths=rig.deaths(),
    )  # fmt: skip
    assert overrun <= 0.1
    assert (expired, late, rig.deaths()) == (0, 0, 0)


def _overrun(rig: Rig, method: str, data: dict[str, object], seconds: float = 1) -> float:
    """How long after the deadline the caller knew; the call must not succeed."""
    bus = rig.bus()
    bus.do(lambda channel: None)
    asked = time.monotonic()
    try:
        answer = bus.call("probe", method, data, seconds=seconds)
        assert answer["error"] is not None
    except NoAnswer:
        pass
    return time.monotonic() - asked - seconds
