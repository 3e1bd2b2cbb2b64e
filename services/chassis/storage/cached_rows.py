"""A cache of rows that are read often and change rarely, in the memory of a process.

It shows what another process writes at most CACHE_SECONDS later, and what this one commits at once. It serves display
and calculation; a decision that must not be based on old data reads the row in its own transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any

from cachetools import TTLCache

from services.chassis.storage.rows import Document, Rows

CACHE_SECONDS = 3.0
CACHE_ROWS = 10_000

Key = tuple[str, str, str]


class Cache:
    """The cached rows of a process, each by its collection, its company and its `_id`."""

    def __init__(self) -> None:
        self._rows: TTLCache[Key, Document | None] = TTLCache(CACHE_ROWS, CACHE_SECONDS)
        # How often a row was forgotten so far.
        self.changes = 0

    def __getitem__(self, key: Key) -> Document | None:
        """Raises KeyError where the row is not cached; None where it is known that there is none."""
        return self._rows[key]

    def get(self, key: Key) -> Document | None:
        return self._rows.get(key)

    def store(self, key: Key, row: Document | None, changes: int) -> None:
        """`changes`: how many there were before the row was read. After another one it may be what was there before."""
        if changes == self.changes:
            self._rows[key] = row

    def forget(self, *keys: Key) -> None:
        self.changes += 1
        for key in keys:
            self._rows.pop(key, None)


class CachedRows:
    """Reads rows of one collection of one company by their `_id`s."""

    def __init__(self, rows: Rows, place: tuple[str, str], cache: Cache) -> None:
        """`place`: the names of collection and company."""
        self._rows, self._place, self._cache = rows, place, cache
        self._names = f"{place[0]} by name", place[1]

    def find_one(self, where: Mapping[str, Any]) -> Document | None:
        key = (*self._place, where["_id"])
        try:
            return deepcopy(self._cache[key])
        except KeyError:
            changes = self._cache.changes
            found = self._rows.find_one(where)
            self._cache.store(key, found, changes)
            return deepcopy(found)

    def names(self, record_ids: Collection[str]) -> dict[str, str | None]:
        """The `name` of each existing row by its `_id`; one read for those that are not in the cache."""
        known = {row_id: self._cache.get((*self._names, row_id)) for row_id in record_ids}
        missing = sorted(row_id for row_id, row in known.items() if row is None)
        if missing:
            changes = self._cache.changes
            for row in self._rows.find({"_id": {"$in": missing}}, [("_id", 1)], len(missing)):
                known[row["_id"]] = {"name": row.get("name")}
                self._cache.store((*self._names, row["_id"]), known[row["_id"]], changes)
        return {row_id: row["name"] for row_id, row in known.items() if row is not None}

    def forget(self, record_id: str) -> None:
        """To be called after a change of the row is committed."""
        self._cache.forget((*self._place, record_id), (*self._names, record_id))
