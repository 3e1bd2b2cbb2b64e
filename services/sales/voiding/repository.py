"""Voided numbers of NF-e."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import NotFound
from services.chassis.pages import after, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.tenant import TenantCollection
from services.sales.shared.records import document_of, record_of
from services.sales.voiding.model import MOST_NUMBERS, Voiding

VOIDINGS, WORKS = "nfe_voidings", "nfe_voiding_works"
NEWEST = [("requested_at", -1), ("_id", -1)]
IN_SERIES = [("environment", 1), ("series", 1), ("last", 1)]
INDEXES = (Index(VOIDINGS, NEWEST), Index(VOIDINGS, IN_SERIES))


class Voidings:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def get(self, voiding_id: str) -> Voiding:
        """Raises NotFound("voiding_not_found")."""
        found = self._documents.find_one({"_id": voiding_id})
        if found is None:
            raise NotFound("voiding_not_found", "Inutilização não encontrada.")
        return record_of(found, Voiding)

    def add(self, voiding: Voiding) -> None:
        self._documents.insert(document_of(voiding))

    def save(self, voiding: Voiding) -> None:
        voiding.version += 1
        self._documents.replace(document_of(voiding))

    def overlapping(self, environment: str, series: int, first: int, last: int) -> list[Voiding]:
        """The declarations that overlap the range; each has at most MOST_NUMBERS numbers."""
        where = {"environment": environment, "series": series, "last": {"$gte": first, "$lte": last + MOST_NUMBERS}}
        found = self._documents.find(where, [("last", 1)], 2 * MOST_NUMBERS)
        return [voiding for voiding in (record_of(one, Voiding) for one in found) if voiding.first <= last]

    def page(self, limit: int, cursor: str | None) -> dict[str, Any]:
        """Newest first."""
        found = self._documents.find(after(cursor, "requested_at"), NEWEST, limit + 1)
        return page(found, limit, "requested_at", lambda document: record_of(document, Voiding))
