"""How much leased work waits, and how long: for the metrics of a service, and for the operator's status."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.chassis import ids
from services.chassis.storage.database import Database

# No more are counted.
MOST = 1_000
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
# What is due later is planned, and waits for nobody: a contract's next period, an import that nobody starts.
AHEAD = dt.timedelta(days=1)


@dataclass(frozen=True)
class Backlog:
    """`oldest`: seconds since the oldest of those counted was written, as far as its id says it; `overdue`: seconds
    since the first one was due and nobody took it."""

    waiting: int
    oldest: float
    overdue: float


def backlog_of(database: Database, collection: str, now: dt.datetime) -> Backlog:
    """Of one kind; work that is parked waits no more."""
    soon = {"next_at": {"$gt": LONG_AGO, "$lt": now + AHEAD}}
    found = database.collection(collection).find(soon, {"_id": 1, "next_at": 1})
    rows = list(found.sort("next_at", 1).limit(MOST))
    ages = [ids.age(row["_id"]) or 0.0 for row in rows if isinstance(row["_id"], str)]
    overdue = (now - rows[0]["next_at"]).total_seconds() if rows else 0.0
    return Backlog(len(rows), max([0.0, *ages]), max(overdue, 0.0))
