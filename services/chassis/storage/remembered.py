"""Rows that are read often and change rarely, kept in the memory of a process for a few seconds.

What another process writes is seen at most REMEMBERED_SECONDS later; what this one commits, at once. For what is shown
and reckoned with. A decision that must not be concurrent_update reads the row in its own transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, MutableMapping
from copy import deepcopy
from typing import Any

from cachetools import TTLCache

from services.chassis.storage.rows import Document, Rows

REMEMBERED_SECONDS = 3.0
MOST_REMEMBERED = 10_000

Memory = MutableMapping[tuple[str, str, str], Document | None]


def new_memory() -> Memory:
    return TTLCache(MOST_REMEMBERED, REMEMBERED_SECONDS)


class Remembered:
    """Reads rows of one collection of one company by their `_id`s."""

    def __init__(self, rows: Rows, place: tuple[str, str], memory: Memory) -> None:
        """`place`: collection and company."""
        self._rows, self._place, self._memory = rows, place, memory
        self._names = f"{place[0]} by name", place[1]

    def find_one(self, where: Mapping[str, Any]) -> Document | None:
        key = (*self._place, where["_id"])
        try:
            return deepcopy(self._memory[key])
        except KeyError:
            found = self._memory[key] = self._rows.find_one(where)
            return deepcopy(found)

    def names(self, record_ids: Collection[str]) -> dict[str, str | None]:
        """By `_id`, the `name` of each row that there is: those that are not remembered by one read."""
        known = {one: self._memory.get((*self._names, one)) for one in record_ids}
        missing = sorted(one for one, row in known.items() if row is None)
        if missing:
            for row in self._rows.find({"_id": {"$in": missing}}, [("_id", 1)], len(missing)):
                known[row["_id"]] = self._memory[(*self._names, row["_id"])] = {"name": row.get("name")}
        return {one: row["name"] for one, row in known.items() if row is not None}

    def forget(self, record_id: str) -> None:
        """The row was changed here. In a transaction: to be called after its commit."""
        self._memory.pop((*self._place, record_id), None)
        self._memory.pop((*self._names, record_id), None)
