"""Leased work that fails: counted, tried again after growing delays, and parked when they are used up.

Parked work is not tried again until an operator requeues it: its row stays where it is, without `next_at`, and
`parked_work` points to it (`vinculo parked` lists, shows, requeues and drops). Failures of the infrastructure (a
database or broker that is down) are not counted. Only the class or code of an error is kept: a text may hold personal
data.
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
# The gauge goes no higher.
MOST_COUNTED = 1_000
# Parked events that an erasure looks through.
MOST_SEARCHED = 10_000
# In the row of the work: how often it failed, with what, and when last.
NOTE = "_work"
# How often it was claimed by the sweep, and, from the SUSPECTED time on, begun, without an end: each end forgets both.
CLAIMS, BEGUN = "_claims", "_begun"
SUSPECTED, MOST_BEGUN = 3, 5
MARKS = {NOTE: "", CLAIMS: "", BEGUN: ""}
# The one kind of work whose rows hold personal data that no inventory names.
EVENTS = "outbox"


class GiveUp(Exception):
    """Raised by a handler whose own tries are used up: the work is parked at once, under this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Failing:
    """The failures of one kind of work; `delays` in seconds, after the last of which a failure parks."""

    def __init__(self, database: Database, collection: str, delays: Sequence[float], row_is_work: bool) -> None:
        self._rows = database.collection(collection)
        self._parked = database.collection(PARKED)
        self._name = collection
        self._delays = delays
        self._row_is_work = row_is_work

    def note(self, owned: Document, error: Exception) -> None:
        """Counts a failure, and puts the work off or parks it. Raises PyMongoError; then the lease ends by itself."""
        code = code_of(error)
        passing = passes(error)
        log.warning("work failed", extra={"collection": self._name, "error": code, "counted": not passing})
        metrics.WORK_FAILURES.labels(self._name, "passing" if passing else "counted").inc()
        row = None if passing else self._rows.find_one(_mine(owned))
        if row is None:
            if owned.get(CLAIMS, 0) > 1:
                self._rows.update_one(_mine(owned), {"$unset": {CLAIMS: "", BEGUN: ""}})
            return
        now = dt.datetime.now(dt.UTC)
        tries = int((row.get(NOTE) or {}).get("tries", 0)) + 1
        noted = {"tries": tries, "error": code, "failed_at": now}
        if isinstance(error, GiveUp) or (tries > len(self._delays) and row.get("next_at")):
            self._park(row, noted)
        elif row.get("next_at"):
            later = now + dt.timedelta(seconds=self._delays[tries - 1])
            # the handler, or the work's own rules, may have put it off further
            put_off = later if row["next_at"] == owned["next_at"] else max(later, row["next_at"])
            changes = {"$set": {NOTE: noted, "next_at": put_off}, "$unset": {CLAIMS: "", BEGUN: ""}}
            self._rows.update_one(_as_read(row), changes)

    def ended_us(self, owned: Document) -> bool:
        """Whether the work was begun so often without an end that it probably kills the process: then it is parked.

        Counted only where it was claimed suspiciously often, so ordinary work costs nothing.
        """
        if owned.get(CLAIMS, 0) <= SUSPECTED:
            return False
        row = self._rows.find_one_and_update(
            _as_read(owned), {"$inc": {BEGUN: 1}}, return_document=ReturnDocument.AFTER
        )
        if row is None or row[BEGUN] <= MOST_BEGUN:
            return False
        self._park(row, {"tries": row[BEGUN], "error": "process_ended", "failed_at": dt.datetime.now(dt.UTC)})
        return True

    def _park(self, row: Document, noted: Document) -> None:
        """Writes the pointer first: after a crash in between, the work is still pending, and is parked later."""
        pointer = {**noted, "work": self._name, "row": row["_id"], "company": row.get("company"),
                   "parked_at": noted["failed_at"], "row_is_work": self._row_is_work}  # fmt: skip
        self._parked.update_one({"_id": pointer_id(self._name, row["_id"])}, {"$set": pointer}, upsert=True)
        changes = {"$set": {NOTE: noted}, "$unset": {"next_at": "", CLAIMS: "", BEGUN: ""}}
        if self._rows.update_one(_as_read(row), changes).matched_count == 0:
            self._parked.delete_one({"_id": pointer_id(self._name, row["_id"])})
            return
        metrics.WORK_GIVEN_UP.labels(self._name).inc()
        self.count()
        log.error("work parked", extra={"collection": self._name, "error": noted["error"], "tries": noted["tries"]})

    def over(self, owned: Document) -> None:
        """The work succeeded: the notes of earlier failures are removed."""
        metrics.WORK_DONE.labels(self._name).inc()
        if owned.get(CLAIMS, 0) > 1 or NOTE in owned:
            self._rows.update_one(_mine(owned), {"$unset": MARKS})
        if NOTE in owned:
            self._parked.delete_one({"_id": pointer_id(self._name, owned["_id"])})
            self.count()

    def count(self) -> None:
        """Renews the gauge of what is parked."""
        metrics.WORK_PARKED.labels(self._name).set(
            len(list(self._parked.find({"work": self._name}, {"_id": 1}).limit(MOST_COUNTED)))
        )


def passes(error: Exception) -> bool:
    """Whether it is a failure of the infrastructure, which ends by itself."""
    if isinstance(error, PyMongoError):
        return isinstance(as_failure(error), Unavailable)
    return isinstance(error, Unavailable)


def code_of(error: Exception) -> str:
    return error.code if isinstance(error, Failure | GiveUp) else type(error).__name__


def pointer_id(collection: str, row_id: Any) -> str:
    return f"{collection}|{row_id}"


def listed(database: Database, limit: int) -> list[Document]:
    """The pointers to all that is parked in one service, by kind, the oldest first."""
    return list(database.collection(PARKED).find({}).sort([("work", 1), ("parked_at", 1)]).limit(limit))


def row_of(database: Database, pointer: Document) -> Document | None:
    """The work itself; None where it is gone. It may hold personal data."""
    return database.collection(pointer["work"]).find_one({"_id": pointer["row"]})


def requeue(database: Database, pointer: Document) -> bool:
    """Due at once, with all its tries; False where the work is gone or no longer parked."""
    now = dt.datetime.now(dt.UTC)
    again = {"$set": {"next_at": now}, "$unset": MARKS}
    where = {"_id": pointer["row"], "next_at": None}
    found = database.collection(pointer["work"]).update_one(where, again).matched_count == 1
    database.collection(PARKED).delete_one({"_id": pointer["_id"]})
    return found


def drop(database: Database, pointer: Document) -> None:
    """Never tried again; a row that is nothing but work goes, a record of something stays."""
    rows = database.collection(pointer["work"])
    if pointer["row_is_work"]:
        rows.delete_one({"_id": pointer["row"], "next_at": None})
    else:
        rows.update_one({"_id": pointer["row"], "next_at": None}, {"$unset": MARKS})
    database.collection(PARKED).delete_one({"_id": pointer["_id"]})


def forget(database: Database, collection: str, row_ids: Iterable[Any]) -> None:
    """What is parked of these rows can't be requeued any more."""
    ids = [pointer_id(collection, one) for one in row_ids]
    database.collection(PARKED).delete_many({"_id": {"$in": ids}})


def forget_events(database: Database, company: str, ids: set[str]) -> int:
    """How many parked announcements that speak of one of the records were dropped: that record is erased."""
    count = 0
    found = database.collection(PARKED).find({"work": EVENTS}).sort("parked_at", 1).limit(MOST_SEARCHED)
    for pointer in list(found):
        row = (row_of(database, pointer) or {}) if pointer["company"] == company else {}
        if any(one in str(row.get("envelope", "")) for one in ids):
            drop(database, pointer)
            count += 1
    return count


def _mine(owned: Document) -> Document:
    return {"_id": owned["_id"], **({"company": owned["company"]} if "company" in owned else {})}


def _as_read(row: Document) -> Document:
    """A filter for the row, as long as nobody has changed when it is due."""
    return {"_id": row["_id"], "next_at": row.get("next_at")}
