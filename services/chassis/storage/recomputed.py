"""Search keys that a newer version computes otherwise: documents from before get them while the service runs.

A pass goes through the collection by `_id` in batches and notes how far it is, so it goes on where a process ended,
and several processes share it. Processes of the version before may write beside it; so a pass is repeated a day later,
until one finds nothing.
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
    """`field`, a list, as `make` computes it of the whole document. `mark` is in each list that `make` gives, and in
    none that an earlier version wrote."""

    collection: str
    field: str
    mark: str
    make: Callable[[Document], list[str]]


def recompute(database: Database, wanted: Recomputed, now: dt.datetime, pause: Callable[[], Any] | None = None) -> int:
    """Goes on with the pass that is due; how many documents were computed again. `pause()` is called after a batch."""
    changed = 0
    while (count := _batch(database, wanted, now)) is not None:
        changed += count
        if pause is not None:
            pause()
    return changed


def _batch(database: Database, wanted: Recomputed, now: dt.datetime) -> int | None:
    """How many documents of the next batch were computed again; None where the pass is over, or none is due."""
    documents, passes = database.collection(wanted.collection), database.collection(PASSES)
    name = f"{wanted.collection}.{wanted.field}:{wanted.mark}"
    current = passes.find_one({"_id": name}) or {"_id": name, "after": "", "found": 0, "repeated": False}
    if current.get("done") or now < current.get("due_at", now):
        return None
    batch = list(documents.find({"_id": {"$gt": current["after"]}}).sort("_id", 1).limit(BATCH))
    if not batch and not current["after"]:
        return None
    lacking = [one for one in batch if wanted.mark not in one[wanted.field]]
    if lacking:  # what somebody writes meanwhile has another version, and the keys of its writer
        documents.bulk_write([_change(wanted, one) for one in lacking])
    _note(database, current, batch, len(lacking), now)
    return len(lacking)


def _change(wanted: Recomputed, document: Document) -> UpdateOne:
    seen = {"_id": document["_id"], "version": document["version"]}
    return UpdateOne(seen, {"$set": {wanted.field: wanted.make(document)}})


def _note(database: Database, current: Document, batch: list[Document], lacking: int, now: dt.datetime) -> None:
    """How far the pass is. Where another process was quicker, its note stays."""
    found = current["found"] + lacking
    if len(batch) == BATCH:
        told: Document = {"after": batch[-1]["_id"], "found": found}
    elif current["repeated"] and not found:
        told = {"done": True}
    else:
        told = {"after": "", "found": 0, "repeated": True, "due_at": now + AGAIN}
    passes = database.collection(PASSES)
    first = {"company": INSTALLATION, "after": "", "found": 0, "repeated": False}
    passes.update_one({"_id": current["_id"]}, {"$setOnInsert": first}, upsert=True)
    passes.update_one({"_id": current["_id"], "after": current["after"]}, {"$set": told})
