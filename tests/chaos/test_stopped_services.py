"""Each service stopped in turn: what is asked of it ends, nothing stays on its way, and the others are still asked.

250 reports, timelines, documents, access reports and person views by 20 callers, for 16 threads.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

import pytest

from tests.support.builders import people, sold
from tests.support.stack.gateway import pending_calls
from tests.support.stack.ports import wait_for
from tests.support.stack.system import SERVICES, Client, System

TIMES, CALLERS = 50, 20
# Asked of a service that runs: people, or attendance where people is stopped.
HEALTHY, ANOTHER = "/v1/persons", "/v1/settings/attendance-options"
# How long all threads may wait for the stopped one before half of them are given back (calls.py), and two busy cores.
MOST_SECONDS = 6.0


@pytest.fixture(scope="module")
def ana(system: System) -> Client:
    return Client(system.url, "ana@padaria.example")


@pytest.fixture(scope="module")
def asked(ana: Client) -> tuple[tuple[str, str, Any], ...]:
    """Method, path and body of what is asked."""
    person = ana.register(f"Titular {people.unique_word()}")["id"]
    attendance = ana.post(f"/v1/persons/{person}/attendances", {"subject": "Visita"})["id"]
    opportunity = sold.opportunity(ana, person)
    quote = sold.quote(ana, opportunity["id"])
    return (
        ("POST", "/v1/attendances/reports", {"ids": [attendance, opportunity["attendance_id"]], "format": "csv"}),
        ("GET", f"/v1/opportunities/{opportunity['id']}/timeline", None),
        ("GET", f"/v1/quotes/{quote['id']}/document", None),
        ("GET", f"/v1/persons/{person}/access-report", None),
        ("GET", f"/v1/persons/{person}/view", None),
    )


@pytest.mark.timeout(600)
@pytest.mark.parametrize("stopped", SERVICES)
def test_nothing_stays_on_its_way_and_the_others_are_answered(
    system: System, ana: Client, asked: tuple[tuple[str, str, Any], ...], stopped: str
) -> None:
    system.processes[stopped].stop()
    path = ANOTHER if stopped == "people" else HEALTHY
    with Asking(lambda: ana.request("GET", path)) as healthy:
        began = time.monotonic()
        statuses = Counter[int]()
        with ThreadPoolExecutor(CALLERS) as pool:
            for status in pool.map(lambda one: _status(ana, *one), asked * TIMES):
                statuses[status] += 1
        seconds = time.monotonic() - began
    wait_for(lambda: pending_calls(system) == 0, 3, "no call on its way")
    system.restart(stopped)
    system.wait_ready(stopped)
    for method, where, body in asked:
        wait_for(lambda: ana.request(method, where, json=body).ok, 20, where)  # noqa: B023
    print(
        f"stopped={stopped} asked={sum(statuses.values())} statuses={dict(statuses)} seconds={seconds:.1f} pending=0 "
        f"healthy_answered={len(healthy.seconds)} healthy_refused={healthy.refused} "
        f"healthy_p50_s={median(healthy.seconds):.3f} healthy_worst_s={max(healthy.seconds):.2f}"
    )
    assert set(statuses) <= {200, 503}
    assert healthy.refused == 0
    assert max(healthy.seconds) < MOST_SECONDS


def _status(client: Client, method: str, path: str, body: Any) -> int:
    return client.request(method, path, json=body, timeout=60).status_code


class Asking:
    """Asks one after another in a thread of its own, while the block runs."""

    def __init__(self, ask: Callable[[], Any]) -> None:
        self.seconds: list[float] = []
        self.refused = 0
        self._ask = ask
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._end.is_set():
            began = time.monotonic()
            answer = self._ask()
            self.seconds.append(time.monotonic() - began)
            self.refused += not answer.ok

    def __enter__(self) -> Asking:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
