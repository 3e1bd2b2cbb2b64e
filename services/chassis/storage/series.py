"""Numbers that a company's records are known by, taken beside the transaction that uses them (ADR 0032).

Taken within, they would make every two transactions of a company conflict, and the more at once, the more of them in
vain. No number is given twice. One whose transaction came to nothing goes to the next who asks; but not one that a
unique index refused as taken, for it would be refused to everybody from then on. Missing are those that a process holds
when it ends, and one whose commit nobody knows to have failed.
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
        """Around one run of a transaction's work. What a run takes is given back where it fails, and where the unit is
        run again: a transaction is run again only after it has come to nothing."""
        self._give_back(unit)
        with self._guard:
            self._taken[id(unit)] = []
        try:
            yield
        except BaseException as error:
            self._give_back(unit, error)
            raise

    def settle(self, unit: object) -> None:
        """The unit is not run again: what its last run has taken is used, or may be."""
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
    """Whether a unique index refused a record, perhaps for this number: its message tells the values."""
    while error is not None and not isinstance(error, DuplicateKeyError | BulkWriteError):
        error = error.__cause__
    return error is not None and re.search(rf"\b{number}\b", str(error)) is not None


def drawn(counters: Collection[Document], company: str, series: str, count: int) -> range:
    """The next `count` from the database. A single write, which two at once do one after another; no upsert, which in
    SecantusDB many at once share."""
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
        pass  # another one was first
