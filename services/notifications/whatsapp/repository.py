"""Conversations over WhatsApp in the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict

from services.chassis.access.row_visibility import PERSONS
from services.chassis.jobs.retention import Retention
from services.chassis.replicas.redirects import Redirects
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant
from services.notifications.whatsapp.model import Conversation

CONVERSATIONS = "whatsapp_conversations"
NEWEST = [("changed_at", -1), ("_id", -1)]
INDEXES = (
    Index(CONVERSATIONS, [("_id", 1)]),
    Index(CONVERSATIONS, [("person_id", 1), *NEWEST]),
    Index(PERSONS, [("phones", 1)]),
)
RETENTIONS = (Retention(CONVERSATIONS, "changed_at", "VINCULO_WHATSAPP_CONVERSATION_DAYS", 730),)


class Conversations:
    """Of one company; the ids are `company:number`."""

    def __init__(self, tenant: Tenant, redirects: Redirects) -> None:
        self._rows, self._persons = tenant.collection(CONVERSATIONS), tenant.collection(PERSONS)
        self._company, self._redirects = tenant.company, redirects

    def find(self, number: str) -> Conversation | None:
        found = self._rows.find_one({"_id": self._id(number)})
        return _conversation(found) if found else None

    def of_numbers(self, numbers: Collection[str]) -> dict[str, Conversation]:
        """Those that there are, by number."""
        ids = [self._id(number) for number in numbers]
        found = self._rows.find({"_id": {"$in": ids}}, [("_id", 1)], len(ids)) if ids else []
        return {one.number: one for one in map(_conversation, found)}

    def save(self, conversation: Conversation) -> None:
        """In a transaction, which is run again where another one was faster."""
        row_id, person_id = self._id(conversation.number), conversation.person_id
        if conversation.version:  # it may be another person's from now on
            self._rows.update_many({"_id": row_id, "person_id": {"$ne": person_id}}, {"$set": {"person_id": person_id}})
        conversation.version += 1
        self._rows.put({"_id": row_id, **asdict(conversation)})

    def claim(self, person_id: str, numbers: Collection[str]) -> None:
        """Conversations of these numbers that are nobody's are the person's from now on."""
        for number in numbers:
            where = {"_id": self._id(number), "person_id": None}
            self._rows.update_many(where, {"$set": {"person_id": person_id}})

    def owner_of(self, number: str) -> str | None:
        """The person whose number it is; None where it is nobody's, or more than one's."""
        found = [row["_id"] for row in self._persons.find({"phones": number}, [], 10)]
        self._redirects.prefetch(found)
        owners = {self._redirects.current(one) for one in found}
        return owners.pop() if len(owners) == 1 else None

    def _id(self, number: str) -> str:
        return f"{self._company}:{number}"


def _conversation(row: Document) -> Conversation:
    return as_record(row, Conversation)
