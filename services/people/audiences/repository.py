"""Audiences that are being gathered, in the database; they are deleted afterwards."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.people.audiences.model import Audience, Filter

AUDIENCES = "audiences"
# Stored as ISO texts, for the database has no type for days.
DAYS = ("contact_since", "no_contact_since")


class Audiences:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def advance(self, before: Audience, after: Audience) -> bool:
        """Moves the position on; False if another process did so before."""
        where = {"_id": before.id, "number": before.number}
        fields = {"number": after.number, "persons": after.persons, "cursor": after.cursor}
        return self._documents.update_many(where, {"$set": fields}) == 1

    def drop(self, audience: Audience) -> None:
        self._documents.delete({"_id": audience.id})


def audience_of(row: Document) -> Audience:
    kept = row["filter"]
    days = {name: dt.date.fromisoformat(kept[name]) if kept.get(name) else None for name in DAYS}
    return as_record(row, Audience, filter=as_record(kept, Filter, **days))


def document_of(audience: Audience) -> Document:
    fields = asdict(audience)
    fields["filter"] |= {name: day.isoformat() for name in DAYS if (day := fields["filter"][name])}
    return {"_id": fields.pop("id"), **fields}
