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
# The chassis' own field of a row: when its texts were emptied.
CLEARED = "_cleared"


@dataclass(frozen=True)
class Retention:
    """Rows of `collection` are deleted `days` after the time in the field `at`; `setting` is the environment variable
    that changes the days. With `clears` the row stays, and these values replace its own."""

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
    return [retention.index(days) for retention in retentions]


def clear(database: Database, retentions: Sequence[Retention], days: Mapping[str, int], now: dt.datetime) -> int:
    """Empties the texts of old rows and returns their number. Pending work keeps its texts; parked work of that age
    loses them, and can't be requeued any more."""
    count = 0
    for retention in retentions:
        if retention.clears:
            kept_days = days.get(retention.setting, retention.days)
            count += _clear(database, retention, now - dt.timedelta(days=kept_days), now)
    return count


def _clear(database: Database, retention: Retention, before: dt.datetime, now: dt.datetime) -> int:
    rows, count = database.collection(retention.collection), 0
    where = {CLEARED: None, retention.at: {"$lt": before}, "next_at": None}
    while ids := [row["_id"] for row in rows.find(where, {"_id": 1}).sort(retention.at, 1).limit(PAGE)]:
        parking.forget(database, retention.collection, ids)
        changes = {"$set": {**retention.clears, CLEARED: now}}
        count += rows.update_many({"_id": {"$in": ids}, "next_at": None}, changes).modified_count
    metrics.TEXTS_CLEARED.labels(retention.collection).inc(count)
    return count
