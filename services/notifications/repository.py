"""Watches, deliveries and enclosures in the database; replicas of users are in recipients.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, OperationFailure, PyMongoError

from services.chassis.access.seeing import ATTENDANCES, FLOWS, PERSONS, Seeable
from services.chassis.jobs.retention import Retention
from services.chassis.pages import after, cursor_of, page, read_cursor, word
from services.chassis.storage.database import Database
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.notifications import recipients
from services.notifications.model import Delivery, Enclosure, File, Watch

WATCHERS_PAGE = 200
WATCHERS_SHOWN = 100
TELLINGS = "tellings"
# The fields that an attempt to send changes, besides `next_at`.
ATTEMPT = ("status", "attempts", "last_error", "sent_at", "refused")

# Which fields decide whether a user sees a row; other rows are read by their person, which is checked first.
SEEABLES = (
    Seeable(PERSONS, person="_id"),
    Seeable(ATTENDANCES, person=None, attendance="_id"),
    Seeable("deliveries", attendance="attendance_id", always=True),
)

INDEXES = (
    Index("watches", [("person_id", 1), ("since", -1), ("_id", -1)]),
    Index("watches", [("person_id", 1), ("user_id", 1), ("since", 1), ("_id", 1)]),
    Index("deliveries", [("created_at", -1), ("_id", -1)]),
    Index("deliveries", [("person_id", 1), ("created_at", -1), ("_id", -1)]),
    Index("enclosures", [("person_id", 1), ("created_at", -1), ("_id", -1)]),
    Index(TELLINGS, [("person_id", 1), ("created_at", -1), ("_id", -1)]),
    *(Index(name, [("_id", 1)]) for name in (PERSONS, ATTENDANCES, FLOWS)),
    *recipients.INDEXES,
)
RETENTIONS = (
    # long after the last attempt to send, also one after a requeue by hand
    Retention("enclosures", "created_at", "VINCULO_ENCLOSURE_DAYS", 30),
    Retention("deliveries", "created_at", "VINCULO_DELIVERY_TEXT_DAYS", 90, clears={"body": ""}),
    Retention("deliveries", "created_at", "VINCULO_DELIVERY_DAYS", 730),
)


class Watches:
    """One row a person and user. After a merge a user may have two rows for one person: the earlier one is shown."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def put(self, watch: Watch) -> None:
        self._documents.put({"_id": _watch_id(watch.person_id, watch.user_id), **asdict(watch)})

    def remove(self, person_id: str, user_id: str) -> None:
        self._documents.delete_many({"person_id": person_id, "user_id": user_id})

    def page(self, person_id: str, limit: int = WATCHERS_SHOWN, cursor: str | None = None) -> dict[str, Any]:
        after_user = read_cursor(cursor, word)[0] if cursor else ""
        found = list(islice(self.of_person(person_id, after_user), limit + 1))
        more = len(found) > limit
        return {"items": found[:limit], "next_cursor": cursor_of(found[limit - 1].user_id) if more else None}

    def of_person(self, person_id: str, after_user: str = "") -> Iterator[Watch]:
        """The watches of users whose ids come after `after_user`, by user id; read a page at a time."""
        order = [("user_id", 1), ("since", 1), ("_id", 1)]
        while True:
            found = self._documents.find(
                {"person_id": person_id, "user_id": {"$gt": after_user}}, order, WATCHERS_PAGE
            )  # fmt: skip
            for user_id, rows in groupby(found, key=itemgetter("user_id")):
                yield Watch(**{k: v for k, v in next(rows).items() if k not in ("_id", "company")})
                after_user = user_id
            if len(found) < WATCHERS_PAGE:
                return


class Deliveries:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def stored(self, delivery_id: str) -> bool:
        return self._documents.find_one({"_id": delivery_id}) is not None

    def recent(self, person_id: str | None, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page of deliveries that the user may see, newest first."""
        where = {**({"person_id": person_id} if person_id else {}), **after(cursor, "created_at")}
        found = self._documents.seen.find(where, [("created_at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "created_at", delivery_of)


class Enclosures:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, enclosure: Enclosure) -> None:
        """One that is there already stays as it is. Outside a transaction only."""
        self._documents.insert_new([document_of(enclosure)])


# A delivery as its sender holds it (by the `next_at` of its lease), and after the attempt.
Attempt = tuple[Document, Delivery]


def record_attempts(database: Database, attempts: Sequence[Attempt]) -> list[PyMongoError | None]:
    """Writes the outcomes of attempts in one command; of each, the error that kept it from being written.

    No other field is written: those may have been erased or have followed a merge. A delivery that is not pending any
    more loses `next_at`; only the holder of the lease may set a new one.
    """
    failed: dict[int, PyMongoError] = {}
    try:
        database.collection("deliveries").bulk_write([_outcome(*attempt) for attempt in attempts], ordered=False)
    except BulkWriteError as error:
        if error.details.get("writeConcernErrors"):
            raise
        failed = {one["index"]: OperationFailure(one["errmsg"], one["code"]) for one in error.details["writeErrors"]}
    return [failed.get(number) for number in range(len(attempts))]


def _outcome(held: Document, delivery: Delivery) -> UpdateOne:
    where = {"_id": held["_id"], "company": held["company"]}
    changes: Document = {"$set": {name: getattr(delivery, name) for name in ATTEMPT}}
    if delivery.next_at is None:
        changes["$unset"] = {"next_at": ""}
    else:
        where["next_at"] = held["next_at"]
        changes["$set"]["next_at"] = delivery.next_at
    return UpdateOne(where, changes)


def enclosure_of(database: Database, company: str, delivery: Delivery) -> Enclosure | None:
    """None where the delivery has no enclosure; raises LookupError where its enclosure was deleted."""
    if delivery.enclosure_id is None:
        return None
    found = database.collection("enclosures").find_one({"_id": delivery.enclosure_id, "company": company})
    if found is None:
        raise LookupError(delivery.enclosure_id)
    return enclosure_in(found)


def enclosure_in(found: Document) -> Enclosure:
    """The enclosure in a stored row; rows of an earlier version hold one PDF instead of `files`."""
    paper = {"name": found.get("file_name"), "media_type": "application/pdf", "content": found.get("pdf")}
    files = [File(**one) for one in found.get("files") or [paper]]
    return Enclosure(found["_id"], found["person_id"], found["html"], files, found["created_at"])


def forget_enclosure(database: Database, company: str, delivery: Delivery) -> None:
    """Deletes the enclosure that only this delivery uses, once the delivery is finished."""
    if delivery.finished and delivery.enclosure_id == delivery.id:
        database.collection("enclosures").delete_one({"_id": delivery.id, "company": company})


def delivery_of(found: Document) -> Delivery:
    fields = {k: v for k, v in found.items() if k != "company" and not k.startswith("_")}
    return Delivery(id=found["_id"], **{"next_at": None, **fields})


def document_of(record: Delivery | Enclosure) -> Document:
    fields = asdict(record)
    return {"_id": fields.pop("id"), **fields}


def _watch_id(person_id: str, user_id: str) -> str:
    return f"{person_id}:{user_id}"
