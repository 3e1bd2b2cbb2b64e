"""Series of numbers for a company's records, drawn outside of the transaction that uses them (ADR 0032).

Drawn inside, they would make every two transactions of a company conflict. No number is used twice. The number of a
failed transaction goes to the next caller, unless a unique index refused it, since it would refuse every other caller
too. A gap remains where a process ends with free numbers, or where the outcome of a commit is unknown.
"""

from __future__ import annotations

import heapq
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.chassis.storage.rows import Document

Name = tuple[str, str]


class Series:
    """The free and the drawn numbers of one process and database. Safe between threads, green or not."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._free: dict[Name, list[int]] = {}
        self._taken: dict[int, list[tuple[Name, int]]] = {}

    def take(self, name: Name, count: int, draw: Callable[[int], range], unit: object = None) -> list[int]:
        """`count` numbers, ascending: first those that were given back, then new ones.

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
        """Surrounds one run of a transaction's work. The numbers of a run are given back where it fails, and where the
        unit is run again, which happens only after the earlier run was aborted."""
        self._give_back(unit)
        with self._guard:
            self._taken[id(unit)] = []
        try:
            yield
        except BaseException as error:
            self._give_back(unit, error)
            raise

    def settle(self, unit: object) -> None:
        """Called when the unit is not run again: the numbers of its last run are used, or may be."""
        with self._guard:
            self._taken.pop(id(unit), None)

    def _give_back(self, unit: object, error: BaseException | None = None) -> None:
        with self._guard:
            taken = self._taken.pop(id(unit), [])
        self._free_again((name, number) for name, number in taken if not _names(error, number))

    def _free_again(self, numbers: Iterator[tuple[Name, int]] | list[tuple[Name, int]]) -> None:
        with self._guard:
            for name, number in numbers:
                heapq.heappush(self._free.setdefault(name, []), number)


def _names(error: BaseException | None, number: int) -> bool:
    """Whether the error is a unique index's refusal whose message has this number."""
    while error is not None and not isinstance(error, DuplicateKeyError | BulkWriteError):
        error = error.__cause__
    return error is not None and re.search(rf"\b{number}\b", str(error)) is not None


def drawn(counters: Collection[Document], company: str, series: str, count: int) -> range:
    """Draws the next `count` numbers from the database by one atomic write. It is no upsert: in SecantusDB several
    upserts at the same time may get one result."""
    where, update, after = {"_id": series}, {"$inc": {"value": count}}, ReturnDocument.AFTER
    found = counters.find_one_and_update(where, update, return_document=after)
    if found is None:
        _begin(counters, company, series)
        found = counters.find_one_and_update(where, update, return_document=after)
    last = int(found["value"]) if found else count
    return range(last - count + 1, last + 1)


def _begin(counters: Collection[Document], company: str, series: str) -> None:
    try:
        counters.insert_one({"_id": series, "company": company, "value": 0})
    except DuplicateKeyError:
        pass  # another process was first
