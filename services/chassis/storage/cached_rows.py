"""A cache of rows that are read often and change rarely, in the memory of a process.

It shows what another process writes at most CACHE_SECONDS later, and what this one commits at once. It serves display
and calculation; a decision that must not be based on old data reads the row in its own transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, MutableMapping
from copy import deepcopy
from typing import Any

from cachetools import TTLCache

from services.chassis.storage.rows import Document, Rows

CACHE_SECONDS = 3.0
CACHE_ROWS = 10_000

Cache = MutableMapping[tuple[str, str, str], Document | None]


def new_cache() -> Cache:
    return TTLCache(CACHE_ROWS, CACHE_SECONDS)


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
            found = self._cache[key] = self._rows.find_one(where)
            return deepcopy(found)

    def names(self, record_ids: Collection[str]) -> dict[str, str | None]:
        """The `name` of each existing row by its `_id`; one read for those that are not in the cache."""
        known = {row_id: self._cache.get((*self._names, row_id)) for row_id in record_ids}
        missing = sorted(row_id for row_id, row in known.items() if row is None)
        if missing:
            for row in self._rows.find({"_id": {"$in": missing}}, [("_id", 1)], len(missing)):
                known[row["_id"]] = self._cache[(*self._names, row["_id"])] = {"name": row.get("name")}
        return {row_id: row["name"] for row_id, row in known.items() if row is not None}

    def forget(self, record_id: str) -> None:
        """To be called after a change of the row is committed."""
        self._cache.pop((*self._place, record_id), None)
        self._cache.pop((*self._names, record_id), None)
