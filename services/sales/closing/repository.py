"""Closings and reopenings of opportunities: never changed, and kept when their opportunity is deleted."""

from __future__ import annotations

from typing import Any

from services.chassis.pages import after, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.tenant import TenantCollection
from services.sales.closing.model import StatusChange
from services.sales.shared.records import document_of, record_of

NEWEST = [("recorded_at", -1), ("_id", -1)]
INDEXES = (Index("turns", [("opportunity_id", 1), *NEWEST]),)


class StatusChanges:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, turn: StatusChange) -> None:
        self._documents.insert(document_of(turn))

    def of_opportunity(self, opportunity_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """Newest first."""
        where = {"opportunity_id": opportunity_id, **after(cursor, "recorded_at")}
        found = self._documents.find(where, NEWEST, limit + 1)
        return page(found, limit, "recorded_at", lambda document: record_of(document, StatusChange))
