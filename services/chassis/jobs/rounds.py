"""Work that several greenlets ask for at the same moment, done together: one command of the database for all of them.

A round begins a moment after the first one asks, and takes whoever asked until then. Who asks during a round is in the
next one. So a busy process asks less often, and an idle one waits no longer than that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import eventlet
from eventlet.event import Event

from services.chassis.jobs.parking import passes

T = TypeVar("T")
R = TypeVar("R")


class Rounds(Generic[T, R]):
    """`work(items)` answers one result for each item, in their order; `gather` is in seconds.

    An exception among the results is raised for its own item. Of what `work` itself raises, a failure of the
    infrastructure is everybody's; after any other one each item is done alone, so that one that is broken breaks no
    other. So `work` must be such that it may be repeated.
    """

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R | Exception]], gather: float, most: int = 100) -> None:
        self._work = work
        self._gather = gather
        self._most = most
        self._waiting: list[tuple[T, Event]] = []
        self._running = False

    def ask(self, item: T) -> R:
        """The item's own result. An asker that is broken off while it waits does not end the round of the others."""
        answer = Event()
        self._waiting.append((item, answer))
        if not self._running:
            self._running = True
            eventlet.spawn_n(self._run)
        result: R = answer.wait()
        return result

    def _run(self) -> None:
        try:
            while self._waiting:
                eventlet.sleep(self._gather)
                taken, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                self._round(taken)
        finally:
            self._running = False

    def _round(self, taken: Sequence[tuple[T, Event]]) -> None:
        for (_, answer), result in zip(taken, self._results([item for item, _ in taken]), strict=True):
            if isinstance(result, Exception):
                answer.send_exception(result)
            else:
                answer.send(result)

    def _results(self, items: Sequence[T]) -> Sequence[R | Exception]:
        try:
            return self._work(items)
        except Exception as error:
            if len(items) == 1 or passes(error):
                return [error] * len(items)
            return [result for item in items for result in self._results([item])]
