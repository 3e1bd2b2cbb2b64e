"""Retries of a use case within its request: where another writer was first, or a record is not replicated yet.

A waiting request holds a worker. So the chassis waits only for records made a moment ago (an id holds its time), and
with at most a quarter of the workers: ids can be invented, and one company must not stop the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import eventlet

from services.chassis import ids
from services.chassis.errors import ConcurrentUpdate, NotReplicatedYet
from services.chassis.observability import metrics

T = TypeVar("T")

# Seconds before each retry; those for replication are half a second in all (ADR 0002).
REPLICATION_WAITS = (0.02, 0.04, 0.08, 0.16, 0.2)
CONFLICT_WAITS = (0.02, 0.04, 0.08, 0.16, 0.3, 0.6)
# A record older than this is replicated, or its subscriber is so far behind that half a second does not help.
REPLICATION_SECONDS = 5.0
CLOCKS_APART_SECONDS = 2.0


class Retrier:
    """One for each process. `workers` is the size of its pool; a quarter of them may wait for replication at once."""

    def __init__(self, workers: int, sleep: Callable[[float], Any] = eventlet.sleep) -> None:
        self._free_places = max(1, workers // 4)
        self._sleep = sleep

    def run(self, work: Callable[[], T], deadline: float) -> T:
        """Calls `work`, and again after each wait as long as it raises NotReplicatedYet or ConcurrentUpdate.

        Raises the last of them when no wait is left before `deadline` (seconds since the epoch).
        """
        try:
            return work()
        except NotReplicatedYet as refusal:
            if not may_be_replicated_soon(refusal):
                raise
            with self._place() as found_place:
                if not found_place:
                    metrics.ARRIVALS_NOT_AWAITED.inc()
                    raise
                return self._retry(work, deadline, refusal)
        except ConcurrentUpdate as refusal:
            return self._retry(work, deadline, refusal)

    def _retry(self, work: Callable[[], T], deadline: float, refusal: NotReplicatedYet | ConcurrentUpdate) -> T:
        replication_waits, conflict_waits = iter(REPLICATION_WAITS), iter(CONFLICT_WAITS)
        while True:
            wait = next(replication_waits if isinstance(refusal, NotReplicatedYet) else conflict_waits, None)
            if wait is None or time.time() + wait >= deadline:
                raise refusal
            self._sleep(wait)
            try:
                return work()
            except (NotReplicatedYet, ConcurrentUpdate) as again:
                refusal = again

    @contextmanager
    def _place(self) -> Iterator[bool]:
        """Takes one of the places for waiting workers; yields False where all are taken."""
        if self._free_places == 0:
            yield False
            return
        self._free_places -= 1
        try:
            yield True
        finally:
            self._free_places += 1


def may_be_replicated_soon(refusal: NotReplicatedYet) -> bool:
    """Whether the missing record was made a moment ago, as far as its id says so."""
    if refusal.awaited is None:
        return True
    age = ids.age(refusal.awaited)
    return age is not None and -CLOCKS_APART_SECONDS <= age <= REPLICATION_SECONDS
