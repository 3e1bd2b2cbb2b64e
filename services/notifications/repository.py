"""Watches, deliveries and enclosures in the database; replicas of users are in recipients.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

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
ATTEMPT = ("status", "attempts", "last_error", "sent_at")

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

    def unknown(self, deliveries: Iterable[Delivery]) -> list[Delivery]:
        """The given deliveries that are not stored yet, each id once."""
        by_id = {delivery.id: delivery for delivery in deliveries}
        stored = self._documents.find({"_id": {"$in": sorted(by_id)}}, [("_id", 1)], len(by_id)) if by_id else []
        stored_ids = {document["_id"] for document in stored}
        return [delivery for delivery in by_id.values() if delivery.id not in stored_ids]

    def recent(self, person_id: str | None, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page of deliveries that the user may see, newest first."""
        where = {**({"person_id": person_id} if person_id else {}), **after(cursor, "created_at")}
        found = self._documents.seen.find(where, [("created_at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "created_at", delivery_of)


def claim(database: Database, document: Document, until: dt.datetime) -> Document | None:
    """Takes the lease of a pending delivery until `until` (UTC), and gives it as it is stored now.

    None where another sender holds it or it is not pending any more. `document` may be older than the stored row.
    """
    rows = database.collection("deliveries")
    unclaimed = {name: document[name] for name in ("_id", "company", "next_at")}
    if rows.update_one(unclaimed, {"$set": {"next_at": until}}).modified_count == 0:
        return None
    return rows.find_one({**unclaimed, "next_at": until})


def record_attempt(database: Database, held: Document, delivery: Delivery) -> None:
    """Writes the outcome of an attempt, and no other field: those may have been erased or have followed a merge.

    A delivery that is not pending any more loses `next_at`; only the holder of the lease may set a new one.
    """
    where = {"_id": held["_id"], "company": held["company"]}
    changes: Document = {"$set": {name: getattr(delivery, name) for name in ATTEMPT}}
    if delivery.next_at is None:
        changes["$unset"] = {"next_at": ""}
    else:
        where["next_at"] = held["next_at"]
        changes["$set"]["next_at"] = delivery.next_at
    database.collection("deliveries").update_one(where, changes)


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
