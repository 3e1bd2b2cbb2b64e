"""Running again where a moment may help: another writer was faster, or a record is not replicated yet.

A waiting request holds a worker. So only records made a moment ago are waited for (their ids hold the time), and only
by a quarter of the workers: ids can be invented, and one company must not stop the others.
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

# Half a second in all (ADR 0002).
ARRIVAL_WAITS = (0.02, 0.04, 0.08, 0.16, 0.2)
CONFLICT_WAITS = (0.02, 0.04, 0.08, 0.16, 0.3, 0.6)
# An id older than this has arrived, or its reader is so far behind that half a second does not help.
ON_ITS_WAY_SECONDS = 5.0
CLOCKS_APART_SECONDS = 2.0


class Patience:
    """Of one process; `workers` is the size of its pool, of which a quarter may wait for arrivals at once."""

    def __init__(self, workers: int, sleep: Callable[[float], Any] = eventlet.sleep) -> None:
        self._places = max(1, workers // 4)
        self._sleep = sleep

    def run(self, work: Callable[[], T], deadline: float) -> T:
        """`work()`, again after each wait as long as it raises NotReplicatedYet or ConcurrentUpdate; then what it
        raised last.

        `deadline` in seconds since the epoch: no wait goes beyond it.
        """
        try:
            return work()
        except NotReplicatedYet as refusal:
            if not on_its_way(refusal):
                raise
            with self._place() as given:
                if not given:
                    metrics.ARRIVALS_NOT_AWAITED.inc()
                    raise
                return self._again(work, deadline, refusal)
        except ConcurrentUpdate as refusal:
            return self._again(work, deadline, refusal)

    def _again(self, work: Callable[[], T], deadline: float, refusal: NotReplicatedYet | ConcurrentUpdate) -> T:
        arrivals, conflicts = iter(ARRIVAL_WAITS), iter(CONFLICT_WAITS)
        while True:
            wait = next(arrivals if isinstance(refusal, NotReplicatedYet) else conflicts, None)
            if wait is None or time.time() + wait >= deadline:
                raise refusal
            self._sleep(wait)
            try:
                return work()
            except (NotReplicatedYet, ConcurrentUpdate) as again:
                refusal = again

    @contextmanager
    def _place(self) -> Iterator[bool]:
        if self._places == 0:
            yield False
            return
        self._places -= 1
        try:
            yield True
        finally:
            self._places += 1


def on_its_way(refusal: NotReplicatedYet) -> bool:
    """Whether the missing record can have been made a moment ago."""
    if refusal.awaited is None:
        return True
    age = ids.age(refusal.awaited)
    return age is not None and -CLOCKS_APART_SECONDS <= age <= ON_ITS_WAY_SECONDS
