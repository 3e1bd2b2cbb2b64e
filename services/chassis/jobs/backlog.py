"""How much leased work waits and for how long, for the metrics of a service and for the operator's status."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.chassis import ids
from services.chassis.storage.database import Database

# The most rows that are counted.
MOST_COUNTED = 1_000
# Before every `next_at`, also of a clock that began at 1970; rows without one stand before it in the index.
LONG_AGO = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
# Work that is due later is planned, and not counted: a contract's next period, an import that nobody starts.
AHEAD = dt.timedelta(days=1)


@dataclass(frozen=True)
class Backlog:
    """`waiting`: the number of rows; `oldest`: seconds since the oldest of them was written, as far as its id says it;
    `overdue`: seconds since the first of them was due."""

    waiting: int
    oldest: float
    overdue: float


def backlog_of(database: Database, collection: str, now: dt.datetime) -> Backlog:
    """The backlog of one kind of work; parked work is not counted."""
    soon = {"next_at": {"$gt": LONG_AGO, "$lt": now + AHEAD}}
    found = database.collection(collection).find(soon, {"_id": 1, "next_at": 1})
    rows = list(found.sort("next_at", 1).limit(MOST_COUNTED))
    ages = [ids.age(row["_id"]) or 0.0 for row in rows if isinstance(row["_id"], str)]
    overdue = (now - rows[0]["next_at"]).total_seconds() if rows else 0.0
    return Backlog(len(rows), max([0.0, *ages]), max(overdue, 0.0))
