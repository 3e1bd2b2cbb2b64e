"""Merges: which person was merged into which, with the records that undo it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.chassis.pages import after, every_item, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.people.merging.model.merge import Merge
from services.people.persons.repository import document_of, person_of

INDEXES = (
    Index("merges", [("survivor_id", 1), ("at", -1), ("_id", -1)]),
    Index("merges", [("code", 1)], unique=True),
)
SNAPSHOTS = ("person", "before", "after")
MERGES_PAGE = 200


class Merges:
    """One document for each merged person, under that person's id."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def of(self, person_id: str) -> Merge | None:
        found = self._documents.find_one({"_id": person_id})
        return _merge(found) if found else None

    def into(self, survivor_id: str) -> list[Merge]:
        """All merges into this person, the newest first."""

        def merges_after(cursor: str | None) -> dict[str, Any]:
            where = {"survivor_id": survivor_id, **after(cursor, "at")}
            found = self._documents.find(where, [("at", -1), ("_id", -1)], MERGES_PAGE + 1)
            return page(found, MERGES_PAGE, "at", _merge)

        return list(every_item(merges_after))

    def put(self, merge: Merge) -> None:
        self._documents.put(_document(merge))

    def remove(self, merge: Merge) -> None:
        self._documents.delete({"_id": merge.id})


def _document(merge: Merge) -> Document:
    plain: dict[str, Any] = {k: v for k, v in asdict(merge).items() if k not in ("id", *SNAPSHOTS)}
    for name in SNAPSHOTS:
        person = getattr(merge, name)
        plain[name] = document_of(person) if person else None
    return {"_id": merge.id, **plain}


def _merge(found: Document) -> Merge:
    persons: dict[str, Any] = {name: person_of(found[name]) if found[name] else None for name in SNAPSHOTS}
    return as_record(found, Merge, **persons)
