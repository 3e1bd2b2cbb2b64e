"""Links to the customer's page of a quote, and what customers answered there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.chassis.pages import after, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.tenant import TenantCollection
from services.sales.quote_links.model import MOST_LIVE, MOST_QUESTIONS, QuoteAnswer, QuoteLink, link_not_found
from services.sales.shared.records import document_of, record_of

LINKS, ANSWERS = "quote_links", "quote_answers"
NEWEST = [("created_at", -1), ("_id", -1)]
LAST = [("at", -1), ("_id", -1)]
# The most answers of a link that are read.
MOST_ANSWERS = MOST_LIVE * MOST_QUESTIONS
INDEXES = (
    Index(LINKS, [("quote_id", 1), *NEWEST]),
    Index(LINKS, [("person_id", 1), *NEWEST]),
    Index(ANSWERS, [("quote_id", 1), *LAST]),
    Index(ANSWERS, [("link_id", 1), *LAST]),
    Index(ANSWERS, [("person_id", 1), *LAST]),
)


class QuoteLinks:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def get(self, link_id: str) -> QuoteLink:
        """Raises NotFound("quote_link_not_found")."""
        found = self._documents.visible.find_one({"_id": link_id})
        if found is None:
            raise link_not_found()
        return record_of(found, QuoteLink)

    def add(self, link: QuoteLink) -> None:
        self._documents.insert(document_of(link))

    def save(self, link: QuoteLink) -> None:
        link.version += 1
        self._documents.replace(document_of(link))

    def live_of(self, quote_id: str, now: dt.datetime) -> list[QuoteLink]:
        """The live links of a quote, among its newest ones."""
        found = self._documents.find({"quote_id": quote_id}, NEWEST, 10 * MOST_LIVE)
        links = (record_of(document, QuoteLink) for document in found)
        return [link for link in links if link.state(now) == "live"]

    def page(self, quote_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        found = self._documents.visible.find({"quote_id": quote_id, **after(cursor, "created_at")}, NEWEST, limit + 1)
        return page(found, limit, "created_at", lambda document: record_of(document, QuoteLink))


class QuoteAnswers:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, answer: QuoteAnswer) -> None:
        self._documents.insert(document_of(answer))

    def of_link(self, link_id: str) -> list[QuoteAnswer]:
        """The newest first."""
        found = self._documents.find({"link_id": link_id}, LAST, MOST_ANSWERS)
        return [record_of(document, QuoteAnswer) for document in found]

    def page(self, quote_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        found = self._documents.visible.find({"quote_id": quote_id, **after(cursor, "at")}, LAST, limit + 1)
        return page(found, limit, "at", lambda document: record_of(document, QuoteAnswer))
