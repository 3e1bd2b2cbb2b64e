"""Batches of requests that several greenlets make at about the same time: one command of the database for all of them.

A round begins a moment after its first request and includes the requests of that moment; those that come during a round
are in the next one. So a busy process sends fewer commands, and an idle one waits no longer than that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import eventlet
from eventlet.event import Event

from services.chassis.jobs.parking import is_transient

T = TypeVar("T")
R = TypeVar("R")


class Rounds(Generic[T, R]):
    """`work(items)` returns one result for each item, in their order; `gather`: seconds before a round begins; `most`:
    the most items of a round.

    An exception among the results is raised for its own item. Where `work` itself raises, a failure of the
    infrastructure is raised for all items; after any other error each item is done alone, so that a broken item breaks
    no other one. So `work` must be repeatable.
    """

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R | Exception]], gather: float, most: int = 100) -> None:
        self._work = work
        self._gather = gather
        self._most = most
        self._waiting: list[tuple[T, Event]] = []
        self._running = False

    def ask(self, item: T) -> R:
        """The item's own result. A greenlet that is interrupted while it waits does not end the round of the others."""
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
            if len(items) == 1 or is_transient(error):
                return [error] * len(items)
            return [result for item in items for result in self._results([item])]
