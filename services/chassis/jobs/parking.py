"""Failures of leased work: counted, retried after growing delays, and parked after the last of them.

Parked work waits until an operator requeues it: its row stays where it is, without `next_at`, and a row of
`parked_work` points to it (`vinculo parked` lists, shows, requeues and drops). Failures of the infrastructure (a
database or broker that is down) are not counted. Only the class or code of an error is stored, since its text may hold
personal data.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import PyMongoError

from services.chassis.errors import Failure, Unavailable
from services.chassis.observability import metrics
from services.chassis.storage.database import Database, as_failure
from services.chassis.storage.indexes import SystemIndex
from services.chassis.storage.rows import Document

log = logging.getLogger(__name__)

PARKED = "parked_work"
PARKED_INDEX = SystemIndex(PARKED, [("work", 1), ("parked_at", 1)])
# The largest value of the gauge.
MOST_COUNTED = 1_000
# How many parked events an erasure looks through.
MOST_SEARCHED = 10_000
# In the row of the work: how often it failed, its last error, and when.
NOTE = "_work"
# In the row: how often the sweep claimed the work, and how often it was begun, without an end. BEGUN is counted only
# after SUSPECTED claims; each end, good or bad, removes both.
CLAIMS, BEGUN = "_claims", "_begun"
SUSPECTED, MOST_BEGUN = 3, 5
MARKS = {NOTE: "", CLAIMS: "", BEGUN: ""}
# The outbox: the one kind of work whose rows hold personal data outside of the inventories.
EVENTS = "outbox"


class GiveUp(Exception):
    """Raised by a job that must not be retried: the work is parked at once, with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Failures:
    """Records the failures of one kind of work. `delays`: seconds before each retry; after the last, work is parked."""

    def __init__(self, database: Database, collection: str, delays: Sequence[float], row_is_work: bool) -> None:
        self._rows = database.collection(collection)
        self._parked = database.collection(PARKED)
        self._name = collection
        self._delays = delays
        self._row_is_work = row_is_work

    def record_failure(self, owned: Document, error: Exception) -> None:
        """Counts a failure, and postpones or parks the work. Raises PyMongoError; then the lease ends by itself."""
        code = code_of(error)
        transient = is_transient(error)
        log.warning("work failed", extra={"collection": self._name, "error": code, "counted": not transient})
        metrics.WORK_FAILURES.labels(self._name, "passing" if transient else "counted").inc()
        row = None if transient else self._rows.find_one(_by_id(owned))
        if row is None:
            if owned.get(CLAIMS, 0) > 1:
                self._rows.update_one(_by_id(owned), {"$unset": {CLAIMS: "", BEGUN: ""}})
            return
        now = dt.datetime.now(dt.UTC)
        tries = int((row.get(NOTE) or {}).get("tries", 0)) + 1
        note = {"tries": tries, "error": code, "failed_at": now}
        if isinstance(error, GiveUp) or (tries > len(self._delays) and row.get("next_at")):
            self._park(row, note)
        elif row.get("next_at"):
            retry_at = now + dt.timedelta(seconds=self._delays[tries - 1])
            # The job itself may have postponed the work further.
            next_at = retry_at if row["next_at"] == owned["next_at"] else max(retry_at, row["next_at"])
            changes = {"$set": {NOTE: note, "next_at": next_at}, "$unset": {CLAIMS: "", BEGUN: ""}}
            self._rows.update_one(_unchanged(row), changes)

    def park_if_it_kills_the_process(self, owned: Document) -> bool:
        """Parks work that was begun MOST_BEGUN times without an end, for it probably kills the process; True if so.

        It counts only what was claimed suspiciously often, so ordinary work costs nothing.
        """
        if owned.get(CLAIMS, 0) <= SUSPECTED:
            return False
        row = self._rows.find_one_and_update(
            _unchanged(owned), {"$inc": {BEGUN: 1}}, return_document=ReturnDocument.AFTER
        )
        if row is None or row[BEGUN] <= MOST_BEGUN:
            return False
        self._park(row, {"tries": row[BEGUN], "error": "process_ended", "failed_at": dt.datetime.now(dt.UTC)})
        return True

    def _park(self, row: Document, note: Document) -> None:
        """Writes the pointer first: after a crash in between, the work is still pending, and is parked later."""
        pointer = {**note, "work": self._name, "row": row["_id"], "company": row.get("company"),
                   "parked_at": note["failed_at"], "row_is_work": self._row_is_work}  # fmt: skip
        self._parked.update_one({"_id": pointer_id(self._name, row["_id"])}, {"$set": pointer}, upsert=True)
        changes = {"$set": {NOTE: note}, "$unset": {"next_at": "", CLAIMS: "", BEGUN: ""}}
        if self._rows.update_one(_unchanged(row), changes).matched_count == 0:
            self._parked.delete_one({"_id": pointer_id(self._name, row["_id"])})
            return
        metrics.WORK_GIVEN_UP.labels(self._name).inc()
        self.update_gauge()
        log.error("work parked", extra={"collection": self._name, "error": note["error"], "tries": note["tries"]})

    def record_success(self, owned: Document) -> None:
        """Removes the notes of earlier failures."""
        metrics.WORK_DONE.labels(self._name).inc()
        if owned.get(CLAIMS, 0) > 1 or NOTE in owned:
            self._rows.update_one(_by_id(owned), {"$unset": MARKS})
        if NOTE in owned:
            self._parked.delete_one({"_id": pointer_id(self._name, owned["_id"])})
            self.update_gauge()

    def update_gauge(self) -> None:
        """Sets the gauge of parked work."""
        metrics.WORK_PARKED.labels(self._name).set(
            len(list(self._parked.find({"work": self._name}, {"_id": 1}).limit(MOST_COUNTED)))
        )


def is_transient(error: Exception) -> bool:
    """Whether it is a failure of the infrastructure, which ends without our doing."""
    if isinstance(error, PyMongoError):
        return isinstance(as_failure(error), Unavailable)
    return isinstance(error, Unavailable)


def code_of(error: Exception) -> str:
    return error.code if isinstance(error, Failure | GiveUp) else type(error).__name__


def pointer_id(collection: str, row_id: Any) -> str:
    return f"{collection}|{row_id}"


def list_parked(database: Database, limit: int) -> list[Document]:
    """The pointers to the parked work of one service, by kind, the oldest first."""
    return list(database.collection(PARKED).find({}).sort([("work", 1), ("parked_at", 1)]).limit(limit))


def row_of(database: Database, pointer: Document) -> Document | None:
    """The row that a pointer leads to; None where it is gone. It may hold personal data."""
    return database.collection(pointer["work"]).find_one({"_id": pointer["row"]})


def requeue(database: Database, pointer: Document) -> bool:
    """Makes the work due now, with all its tries; False where it is gone or no longer parked."""
    now = dt.datetime.now(dt.UTC)
    changes = {"$set": {"next_at": now}, "$unset": MARKS}
    where = {"_id": pointer["row"], "next_at": None}
    found = database.collection(pointer["work"]).update_one(where, changes).matched_count == 1
    database.collection(PARKED).delete_one({"_id": pointer["_id"]})
    return found


def drop(database: Database, pointer: Document) -> None:
    """Gives the work up: a row that is nothing but work is deleted, a record stays."""
    rows = database.collection(pointer["work"])
    if pointer["row_is_work"]:
        rows.delete_one({"_id": pointer["row"], "next_at": None})
    else:
        rows.update_one({"_id": pointer["row"], "next_at": None}, {"$unset": MARKS})
    database.collection(PARKED).delete_one({"_id": pointer["_id"]})


def forget(database: Database, collection: str, row_ids: Iterable[Any]) -> None:
    """Removes the pointers to these rows: they can't be requeued any more."""
    ids = [pointer_id(collection, row_id) for row_id in row_ids]
    database.collection(PARKED).delete_many({"_id": {"$in": ids}})


def forget_events(database: Database, company: str, ids: set[str]) -> int:
    """Drops the parked events that mention one of the ids, whose records are erased; returns their number."""
    count = 0
    found = database.collection(PARKED).find({"work": EVENTS}).sort("parked_at", 1).limit(MOST_SEARCHED)
    for pointer in list(found):
        row = (row_of(database, pointer) or {}) if pointer["company"] == company else {}
        if any(record_id in str(row.get("envelope", "")) for record_id in ids):
            drop(database, pointer)
            count += 1
    return count


def _by_id(owned: Document) -> Document:
    return {"_id": owned["_id"], **({"company": owned["company"]} if "company" in owned else {})}


def _unchanged(row: Document) -> Document:
    """A filter for the row that matches only while nobody has changed its `next_at`."""
    return {"_id": row["_id"], "next_at": row.get("next_at")}
