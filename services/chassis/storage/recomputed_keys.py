"""Search keys that a newer version computes differently: documents from before get them while the service runs.

A pass reads the collection by `_id` in batches and stores how far it is, so it continues where a process ended, and
several processes share it. Processes of the version before may write at the same time; so a pass is repeated a day
later, until one finds nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pymongo import UpdateOne

from services.chassis.access.context import INSTALLATION
from services.chassis.storage.database import Database
from services.chassis.storage.rows import Document

PASSES = "recomputing"
BATCH = 500
AGAIN = dt.timedelta(days=1)


@dataclass(frozen=True)
class Recomputed:
    """`field`, a list of keys that `make` computes from the whole document. `mark` is a key in every list that `make`
    returns, and in none that an earlier version wrote."""

    collection: str
    field: str
    mark: str
    make: Callable[[Document], list[str]]


def recompute(database: Database, wanted: Recomputed, now: dt.datetime, pause: Callable[[], Any] | None = None) -> int:
    """Continues the pass that is due, and returns how many documents it changed. `pause()` is called after a batch."""
    changed = 0
    while (count := _batch(database, wanted, now)) is not None:
        changed += count
        if pause is not None:
            pause()
    return changed


def _batch(database: Database, wanted: Recomputed, now: dt.datetime) -> int | None:
    """The number of documents changed in the next batch; None where the pass is over, or none is due."""
    documents, passes = database.collection(wanted.collection), database.collection(PASSES)
    name = f"{wanted.collection}.{wanted.field}:{wanted.mark}"
    current = passes.find_one({"_id": name}) or {"_id": name, "after": "", "found": 0, "repeated": False}
    if current.get("done") or now < current.get("due_at", now):
        return None
    batch = list(documents.find({"_id": {"$gt": current["after"]}}).sort("_id", 1).limit(BATCH))
    if not batch and not current["after"]:
        return None
    lacking = [one for one in batch if wanted.mark not in one[wanted.field]]
    if lacking:  # a document written meanwhile has another version, and does not match
        documents.bulk_write([_change(wanted, one) for one in lacking])
    _note(database, current, batch, len(lacking), now)
    return len(lacking)


def _change(wanted: Recomputed, document: Document) -> UpdateOne:
    unchanged = {"_id": document["_id"], "version": document["version"]}
    return UpdateOne(unchanged, {"$set": {wanted.field: wanted.make(document)}})


def _note(database: Database, current: Document, batch: list[Document], lacking: int, now: dt.datetime) -> None:
    """Stores how far the pass is, unless another process has stored a later position."""
    found = current["found"] + lacking
    if len(batch) == BATCH:
        progress: Document = {"after": batch[-1]["_id"], "found": found}
    elif current["repeated"] and not found:
        progress = {"done": True}
    else:
        progress = {"after": "", "found": 0, "repeated": True, "due_at": now + AGAIN}
    passes = database.collection(PASSES)
    first = {"company": INSTALLATION, "after": "", "found": 0, "repeated": False}
    passes.update_one({"_id": current["_id"]}, {"$setOnInsert": first}, upsert=True)
    passes.update_one({"_id": current["_id"], "after": current["after"]}, {"$set": progress})
