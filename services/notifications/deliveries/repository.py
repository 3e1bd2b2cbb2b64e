"""Deliveries and enclosures in the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, OperationFailure, PyMongoError

from services.chassis.errors import Conflict, NotFound
from services.chassis.jobs.retention import Retention
from services.chassis.pages import after, page
from services.chassis.storage.database import Database
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record, fields_of
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.notifications.deliveries.model import (
    CHANNELS,
    DELIVERY_STATUSES,
    WHATSAPP,
    Delivery,
    Enclosure,
    File,
    LoggedAttempt,
)

# The fields that an attempt to send changes, besides `next_at`.
ATTEMPT = ("status", "attempts", "last_error", "sent_at", "refused", "retry_at", "account_id", "message_id")
# Fields of a delivery that are not kept.
ON_THE_WAY = ("digest", "reply_to")
NEWEST = [("created_at", -1), ("_id", -1)]


INDEXES = (
    Index("deliveries", NEWEST),
    Index("deliveries", [("person_id", 1), *NEWEST]),
    Index("deliveries", [("message_id", 1)]),
    Index("deliveries", [("status", 1), ("channel", 1), *NEWEST]),
    Index("deliveries", [("person_id", 1), ("status", 1), ("channel", 1), *NEWEST]),
    Index("enclosures", [("person_id", 1), ("created_at", -1), ("_id", -1)]),
)
RETENTIONS = (
    # long after the last attempt to send, also one after a requeue by hand
    Retention("enclosures", "created_at", "VINCULO_ENCLOSURE_DAYS", 30),
    Retention(
        "deliveries",
        "created_at",
        "VINCULO_DELIVERY_TEXT_DAYS",
        90,
        clears={"body": "", "template": None, "file": None},
    ),
    Retention("deliveries", "created_at", "VINCULO_DELIVERY_DAYS", 730),
)


class Deliveries:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def stored(self, delivery_id: str) -> bool:
        return self._documents.find_one({"_id": delivery_id}) is not None

    def find(self, delivery_id: str) -> Delivery | None:
        """Without a check of the reader's rights."""
        found = self._documents.find_one({"_id": delivery_id})
        return delivery_of(found) if found else None

    def save_bounce(self, delivery: Delivery) -> None:
        """Writes a bounce that came after the sending."""
        changes: Document = {name: getattr(delivery, name) for name in ("status", "last_error", "refused")}
        changes["log"] = [fields_of(one) for one in delivery.log]
        self._documents.update_many({"_id": delivery.id}, {"$set": changes})

    def get(self, delivery_id: str) -> Delivery:
        """Raises NotFound("delivery_not_found"), also for one that the user may not see."""
        found = self._documents.visible.find({"_id": delivery_id}, [("_id", 1)], 1)
        if not found:
            raise NotFound("delivery_not_found", "Envio não encontrado.")
        return delivery_of(found[0])

    def many(self, ids: Sequence[str]) -> dict[str, Delivery]:
        """Those that exist, by id, without a check of the reader's rights."""
        found = self._documents.find({"_id": {"$in": sorted(ids)}}, [("_id", 1)], len(ids)) if ids else []
        return {row["_id"]: delivery_of(row) for row in found}

    def of_channel(self, person_id: str, channel: str, limit: int, cursor: str | None) -> list[Delivery]:
        """The person's deliveries that the user may see, newest first, after the cursor."""
        where = {"person_id": person_id, "status": {"$in": list(DELIVERY_STATUSES)}, "channel": channel}
        found = self._documents.visible.find({**where, **after(cursor, "created_at")}, NEWEST, limit)
        return [delivery_of(row) for row in found]

    def by_callback_ids(self, asked: Collection[tuple[str, str]]) -> dict[tuple[str, str], Delivery]:
        """The deliveries of a WhatsApp callback, by pairs of (our delivery id or "", message id there).

        The delivery id counts first, then the message id. Two reads, however many pairs; pairs of the same delivery get
        the same object.
        """
        ids, message_ids = sorted({one for one, _ in asked if one}), sorted({one for _, one in asked})
        rows = self._documents.find({"_id": {"$in": ids}}, [("_id", 1)], len(ids)) if ids else []
        named = self._documents.find({"message_id": {"$in": message_ids}}, [], len(message_ids)) if message_ids else []
        known = {row["_id"]: delivery_of(row) for row in (*rows, *named) if row["channel"] == WHATSAPP}
        by_message = {row["message_id"]: known.get(row["_id"]) for row in named}
        found = {one: known.get(one[0]) or by_message.get(one[1]) for one in asked}
        return {one: delivery for one, delivery in found.items() if delivery is not None}

    def save_states(self, delivery: Delivery) -> None:
        """Writes the states that a channel reported; in a transaction."""
        names = (*ATTEMPT, "delivered_at", "read_at")
        fields = {name: getattr(delivery, name) for name in names}
        fields["log"] = [fields_of(one) for one in delivery.log]
        pending = {"$set": {**fields, "next_at": delivery.next_at}}
        over = {"$set": fields, "$unset": {"next_at": ""}}
        self._documents.amend(delivery.id, pending if delivery.next_at else over)

    def requeue(self, delivery: Delivery, was: Delivery) -> None:
        """Writes a retry by hand; raises Conflict("delivery_in_progress") where somebody has claimed it meanwhile."""
        where = {"_id": delivery.id, "status": was.status, "next_at": was.next_at}
        fields = ("status", "refused", "last_error", "max_attempts", "next_at", "retry_at")
        if not self._documents.update_many(where, {"$set": {name: getattr(delivery, name) for name in fields}}):
            raise Conflict("delivery_in_progress", "Este envio está sendo feito agora.")

    def recent(
        self,
        limit: int,
        cursor: str | None,
        person_id: str | None,
        state: str | None,
        channel: str | None,
        since: dt.datetime | None,
        until: dt.datetime | None,
    ) -> dict[str, Any]:
        """A page of deliveries that the user may see, newest first."""
        where: Document = {"person_id": person_id} if person_id else {}
        if state or channel:
            where["status"] = state or {"$in": list(DELIVERY_STATUSES)}
            where["channel"] = channel or {"$in": list(CHANNELS)}
        bounds = {name: value for name, value in (("$gte", since), ("$lt", until)) if value}
        where.update({"created_at": bounds} if bounds else {})
        found = self._documents.visible.find({**where, **after(cursor, "created_at")}, NEWEST, limit + 1)
        return page(found, limit, "created_at", delivery_of)


class Enclosures:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def insert(self, enclosure: Enclosure) -> None:
        """In a command's transaction."""
        self._documents.insert(document_of(enclosure))

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
    where = {"_id": held["_id"]}
    changes: Document = {"$set": {name: getattr(delivery, name) for name in ATTEMPT}}
    changes["$set"]["log"] = [fields_of(one) for one in delivery.log]
    if delivery.next_at is not None or delivery.channel == WHATSAPP:
        where["next_at"] = held["next_at"]  # else a callback was faster (whatsapp/incoming.py)
    if delivery.next_at is None:
        changes["$unset"] = {"next_at": ""}
    else:
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
    files = [as_record(one, File) for one in found.get("files", [paper])]
    return Enclosure(found["_id"], found["person_id"], found["html"], files, found["created_at"])


def forget_enclosure(database: Database, company: str, delivery: Delivery) -> None:
    """Deletes the enclosure that only this delivery uses, once the delivery is finished."""
    if delivery.finished and delivery.enclosure_id == delivery.id:
        database.collection("enclosures").delete_one({"_id": delivery.id, "company": company})


def delivery_of(found: Document) -> Delivery:
    log = [as_record(one, LoggedAttempt) for one in found.get("log", ())]
    return as_record(found, Delivery, log=log, next_at=found.get("next_at"))


def document_of(record: Delivery | Enclosure) -> Document:
    fields = fields_of(record)
    for name in ON_THE_WAY:
        fields.pop(name, None)
    return {"_id": fields.pop("id"), **fields}
