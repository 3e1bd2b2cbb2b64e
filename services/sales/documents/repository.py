"""Sendings of documents in the database (rows S12, S23)."""

from __future__ import annotations

from services.chassis.pages import after, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.documents.model import Sending
from services.sales.shared.records import document_of, record_of

NEWEST = [("sent_at", -1), ("_id", -1)]
INDEXES = (
    Index("sendings", [("quote_id", 1), *NEWEST]),
    Index("sendings", [("opportunity_id", 1), *NEWEST]),
    Index("sendings", [("person_id", 1), *NEWEST]),
)


class Sendings:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, sending: Sending) -> None:
        self._documents.insert(document_of(sending))

    def page(self, field: str, owner_id: str, limit: int, cursor: str | None) -> Document:
        """Sendings whose `field` (quote_id or opportunity_id) is `owner_id`, newest first."""
        found = self._documents.visible.find({field: owner_id, **after(cursor, "sent_at")}, NEWEST, limit + 1)
        return page(found, limit, "sent_at", lambda document: record_of(document, Sending))
