"""Quotes in the database, each with all its versions in the same document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.chassis import counting
from services.chassis.errors import NotFound
from services.chassis.pages import after, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.quotes.model import Quote
from services.sales.shared.pages import among
from services.sales.shared.records import document_of, record_of

NEWEST = [("created_at", -1), ("_id", -1)]
PAGE = 100

INDEXES = (
    Index("quotes", [("person_id", 1), *NEWEST]),
    Index("quotes", [("attendance_id", 1), *NEWEST]),
    Index("quotes", [("versions.status", 1), *NEWEST]),
)


class Quotes:
    def __init__(self, documents: TenantCollection, numbers: TenantCollection) -> None:
        self._documents = documents
        self._numbers = numbers

    def next_number(self) -> int:
        return self._numbers.take_numbers("quote")[0]

    def get(self, quote_id: str) -> Quote:
        """Raises NotFound("quote_not_found")."""
        found = self._documents.visible.find_one({"_id": quote_id})
        if found is None:
            raise NotFound("quote_not_found", "Proposta não encontrada.")
        return record_of(found, Quote)

    def add(self, quote: Quote) -> None:
        self._documents.insert(document_of(quote))

    def save(self, quote: Quote) -> None:
        quote.version += 1
        self._documents.replace(document_of(quote))

    def of_conversation(self, attendance_id: str) -> list[Quote]:
        """All quotes of a conversation, newest first, read page by page."""
        found: list[Quote] = []
        cursor: str | None = None
        while True:
            page = self.page("attendance_id", attendance_id, PAGE, cursor)
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def of_company(
        self, statuses: Sequence[str], moments: Document, limit: int, cursor: str | None
    ) -> dict[str, Any]:  # fmt: skip
        """Quotes in any of the statuses, newest first.

        The index finds a quote by the status of any version, and a rejected version stays rejected when it is replaced:
        a page is short where only such a version has the status.
        """
        where = {**moments, **among("versions.status", statuses), **after(cursor, "created_at")}
        found = self._documents.visible.find(where, NEWEST, limit + 1)
        shown = page(found, limit, "created_at", lambda document: record_of(document, Quote))
        return {**shown, "items": [quote for quote in shown["items"] if quote.status in statuses]}

    def page(
        self, field: str, owner_id: str, limit: int, cursor: str | None, *, counted: bool = False
    ) -> dict[str, Any]:
        """Quotes whose `field` (person_id or attendance_id) is `owner_id`, newest first."""
        where = {field: owner_id}
        found = self._documents.visible.find({**where, **after(cursor, "created_at")}, NEWEST, limit + 1)
        shown = page(found, limit, "created_at", lambda document: record_of(document, Quote))
        return counting.with_count(shown, self._documents.visible, where, NEWEST, asked=counted)
