"""Numbers that a company's records are known by, taken beside the transaction that uses them (ADR 0032).

Taken within, they would make every two transactions of a company conflict, and the more at once, the more of them in
vain. No number is given twice. One whose command was refused goes to the next who asks. Missing are those that a
process holds when it ends, and each of a transaction that failed otherwise: the engine alone knows whether it came to
nothing, and a number that is in use must never come back, for it would be refused to everybody from then on.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.chassis.errors import ConcurrentUpdate, Failure

Name = tuple[str, str]


class Series:
    """Of one process and database. Safe between threads, green or not."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._free: dict[Name, list[int]] = {}
        self._taken: dict[int, list[tuple[Name, int]]] = {}

    def take(self, name: Name, count: int, draw: Callable[[int], range], unit: object = None) -> list[int]:
        """`count` numbers, ascending: such as were given back, then the next ones.

        `draw(n)` takes the next n from the database. `unit`: the transaction that uses them; see `run`.
        """
        with self._guard:
            free = self._free.get(name, [])
            numbers = [heapq.heappop(free) for _ in range(min(count, len(free)))]
        try:
            if len(numbers) < count:
                numbers += draw(count - len(numbers))
        except BaseException:
            self._free_again((name, number) for number in numbers)
            raise
        with self._guard:
            if id(unit) in self._taken:
                self._taken[id(unit)] += [(name, number) for number in numbers]
        return numbers

    @contextmanager
    def run(self, unit: object) -> Iterator[None]:
        """Around one run of a transaction's work. What a run takes is given back where a rule refuses it."""
        with self._guard:
            self._taken[id(unit)] = []
        try:
            yield
        except ConcurrentUpdate:  # it may be the number that somebody has
            raise
        except Failure:
            self._give_back(unit)
            raise

    def settle(self, unit: object) -> None:
        """The unit is not run again: what its last run has taken is used, or may be."""
        with self._guard:
            self._taken.pop(id(unit), None)

    def _give_back(self, unit: object) -> None:
        with self._guard:
            taken = self._taken.pop(id(unit), [])
        self._free_again(taken)

    def _free_again(self, numbers: Iterator[tuple[Name, int]] | list[tuple[Name, int]]) -> None:
        with self._guard:
            for name, number in numbers:
                heapq.heappush(self._free.setdefault(name, []), number)
