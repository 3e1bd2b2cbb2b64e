"""Audiences that are being gathered; nothing is kept of them afterwards."""

from __future__ import annotations

from dataclasses import asdict

from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.people.audiences.model import Audience, Filter

AUDIENCES = "audiences"


class Audiences:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def advance(self, before: Audience, after: Audience) -> bool:
        """Writes what was told since; False where another process was first."""
        where = {"_id": before.id, "number": before.number}
        fields = {"number": after.number, "persons": after.persons, "cursor": after.cursor}
        return self._documents.update_many(where, {"$set": fields}) == 1

    def drop(self, audience: Audience) -> None:
        self._documents.delete({"_id": audience.id})


def audience_of(row: Document) -> Audience:
    return as_record(row, Audience, filter=as_record(row["filter"], Filter))


def document_of(audience: Audience) -> Document:
    fields = asdict(audience)
    return {"_id": fields.pop("id"), **fields}
