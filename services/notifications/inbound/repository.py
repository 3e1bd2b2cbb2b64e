"""Received messages in the database, and their files until these are handed over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.chassis.access.row_visibility import PERSONS
from services.chassis.errors import ConcurrentUpdate, NotFound
from services.chassis.jobs.retention import Retention
from services.chassis.pages import after, page
from services.chassis.replicas.redirects import Redirects
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant, TenantCollection
from services.notifications.deliveries.model import File
from services.notifications.inbound.model import CHANNELS, STATES, UNASSIGNED, InboundMessage

MESSAGES, FILES = "inbound_messages", "inbound_files"
# At most so many copies of one address are read: merged persons keep theirs.
MOST_SHARING = 20
CLAIMED_AT_ONCE = 500
NEWEST = [("received_at", -1), ("_id", -1)]
INDEXES = (
    Index(PERSONS, [("emails", 1), ("_id", 1)]),
    Index(MESSAGES, NEWEST),
    Index(MESSAGES, [("person_id", 1), *NEWEST]),
    Index(MESSAGES, [("person_id", 1), ("sender", 1)]),
    Index(MESSAGES, [("state", 1), ("channel", 1), *NEWEST]),
    Index(MESSAGES, [("person_id", 1), ("state", 1), ("channel", 1), *NEWEST]),
    Index(FILES, [("person_id", 1), ("received_at", -1), ("_id", -1)]),
)
# By the time of storing: the time of sending is the sender's word, whose clock may be years late.
RETENTIONS = (
    Retention(FILES, "stored_at", "VINCULO_INBOUND_FILE_DAYS", 90),
    # the entry keeps the text
    Retention(MESSAGES, "stored_at", "VINCULO_INBOUND_TEXT_DAYS", 90, clears={"text": "", "quoted": ""}),
    Retention(MESSAGES, "stored_at", "VINCULO_INBOUND_DAYS", 730),
)


class InboundMessages:
    def __init__(self, tenant: Tenant) -> None:
        self._rows, self._files = tenant.collection(MESSAGES), tenant.collection(FILES)

    def find(self, message_id: str) -> InboundMessage | None:
        """Without a check of the reader's rights."""
        found = self._rows.find_one({"_id": message_id})
        return message_of(found) if found else None

    def get(self, message_id: str) -> InboundMessage:
        """Raises NotFound("inbound_message_not_found"), also for one that the user may not see."""
        found = self._rows.visible.find_one({"_id": message_id})
        if found is None:
            raise NotFound("inbound_message_not_found", "Mensagem não encontrada.")
        return message_of(found)

    def add(self, message: InboundMessage, files: Sequence[File]) -> None:
        """Raises ConcurrentUpdate if another transaction has just added it: the retry finds it."""
        try:
            self._rows.insert(document_of(message))
        except DuplicateKeyError as error:
            raise ConcurrentUpdate("inbound_message_exists", "Esta mensagem acabou de chegar.") from error
        if files:
            self._files.insert(files_document(message, files))

    def save(self, message: InboundMessage) -> None:
        """The next version; raises ConcurrentUpdate("version_changed")."""
        message.version += 1
        self._rows.replace(document_of(message))

    def files(self, message_id: str) -> list[File]:
        found = self._files.find_one({"_id": message_id})
        return [as_record(file, File) for file in found["files"]] if found else []

    def hand_over(self, message: InboundMessage) -> None:
        """Makes the message and its files the person's, whosever they were."""
        for rows in (self._rows, self._files):
            rows.update_many({"_id": message.id}, {"$set": {"person_id": message.person_id}})

    def claim(self, person_id: str, senders: Collection[str]) -> None:
        """Makes the unassigned messages of these senders the person's."""
        where = {"person_id": None, "sender": {"$in": sorted(senders)}}
        while found := [row["_id"] for row in self._rows.find(where, [], CLAIMED_AT_ONCE, ())] if senders else []:
            for rows in (self._rows, self._files):
                rows.update_many({"_id": {"$in": found}}, {"$set": {"person_id": person_id}})

    def forget_files(self, message_id: str) -> None:
        self._files.delete({"_id": message_id})

    def waiting(self, most: int) -> list[InboundMessage]:
        """At most `most` messages that wait for a user, newest first, without a check of the reader's rights."""
        where = {"state": UNASSIGNED, "channel": {"$in": list(CHANNELS)}}
        return [message_of(one) for one in self._rows.find(where, NEWEST, most)]

    def page(
        self, limit: int, cursor: str | None, person_id: str | None, state: str | None, channel: str | None
    ) -> dict[str, Any]:
        """Those that the user may see, newest first."""
        where: Document = {"person_id": person_id} if person_id else {}
        if state or channel:
            where["state"] = state or {"$in": list(STATES)}
            where["channel"] = channel or {"$in": list(CHANNELS)}
        found = self._rows.visible.find({**where, **after(cursor, "received_at")}, NEWEST, limit + 1)
        return page(found, limit, "received_at", message_of)


class PersonsByAddress:
    """Finds persons by e-mail address, in the copies of persons."""

    def __init__(self, copies: TenantCollection, redirects: Redirects) -> None:
        self._copies, self._redirects = copies, redirects

    def only(self, address: str) -> str | None:
        """The id of the one person with the address; None where nobody has it, or several persons share it."""
        if not address:
            return None
        found = self._copies.find({"emails": address.lower()}, [("_id", 1)], MOST_SHARING, ["emails"])
        persons = {self._redirects.current(one["_id"]) for one in found}
        return persons.pop() if len(persons) == 1 else None


def message_of(found: Document) -> InboundMessage:
    return as_record(found, InboundMessage)


def document_of(message: InboundMessage) -> Document:
    fields = asdict(message)
    return {"_id": fields.pop("id"), **fields}


def files_document(message: InboundMessage, files: Sequence[File]) -> Document:
    about = {"person_id": message.person_id, "received_at": message.received_at, "stored_at": message.stored_at}
    return {"_id": message.id, **about, "files": [asdict(file) for file in files]}
