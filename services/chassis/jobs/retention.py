"""Retention: rows that are deleted after some days, and texts that are emptied before their row is deleted.

Rows are deleted by an expiring index; texts by `clear`, which every replica runs now and then. The days are settings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.chassis.jobs import parking
from services.chassis.observability import metrics
from services.chassis.storage.database import Database
from services.chassis.storage.indexes import SystemIndex

DAY_SECONDS = 86_400
PAGE = 500
# When the texts of a row were emptied; a field of the chassis' own.
CLEARED = "_cleared"


@dataclass(frozen=True)
class Retention:
    """Rows of `collection` end `days` after the time in the field `at`; `setting` is the variable for other days.

    With `clears` the row stays, and gets these values instead of what it held.
    """

    collection: str
    at: str
    setting: str
    days: int
    clears: Mapping[str, Any] = field(default_factory=dict)

    def index(self, days: Mapping[str, int]) -> SystemIndex:
        if self.clears:
            return SystemIndex(self.collection, [(CLEARED, 1), ("next_at", 1), (self.at, 1)])
        return SystemIndex(self.collection, [(self.at, 1)], days.get(self.setting, self.days) * DAY_SECONDS)


def indexes(retentions: Iterable[Retention], days: Mapping[str, int]) -> list[SystemIndex]:
    return [one.index(days) for one in retentions]


def clear(database: Database, retentions: Sequence[Retention], days: Mapping[str, int], now: dt.datetime) -> int:
    """How many rows lost their texts; pending work keeps them, parked work so old can't be requeued any more."""
    count = 0
    for one in retentions:
        if one.clears:
            count += _clear(database, one, now - dt.timedelta(days=days.get(one.setting, one.days)), now)
    return count


def _clear(database: Database, one: Retention, before: dt.datetime, now: dt.datetime) -> int:
    rows, count = database.collection(one.collection), 0
    where = {CLEARED: None, one.at: {"$lt": before}, "next_at": None}
    while found := [row["_id"] for row in rows.find(where, {"_id": 1}).sort(one.at, 1).limit(PAGE)]:
        parking.forget(database, one.collection, found)
        changes = {"$set": {**one.clears, CLEARED: now}}
        count += rows.update_many({"_id": {"$in": found}, "next_at": None}, changes).modified_count
    metrics.TEXTS_CLEARED.labels(one.collection).inc(count)
    return count
