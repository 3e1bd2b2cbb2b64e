"""Receivables in the database, each with its payments in the same document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.chassis import counting
from services.chassis.errors import NotFound
from services.chassis.pages import day, page, read_cursor, whole, word
from services.chassis.storage.indexes import FILLED, Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.receivables.model import OWED, RECEIVED, SETTLED, STATUSES, Receivable, restore_single_payment
from services.sales.shared.pages import among, beyond, until
from services.sales.shared.records import document_of, insert_once, record_of
from services.sales.shared.terms import MOST_INSTALMENTS

BY_DUE_DATE = [("due_date", 1), ("_id", 1)]

INDEXES = (
    Index("receivables", [("person_id", 1), ("status", 1), *BY_DUE_DATE]),
    Index("receivables", [("status", 1), *BY_DUE_DATE]),
    Index("receivables", [("source_id", 1), ("instalment", 1)], unique=True),
    Index("receivables", [("source_id", 1), ("billed_period", 1), ("instalment", 1)]),
    # a contract's period cannot be billed twice
    Index("receivables", [("source_id", 1), ("period", 1)], unique=True, only={"period": FILLED}),
)


class Receivables:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def get(self, receivable_id: str) -> Receivable:
        """Raises NotFound("receivable_not_found")."""
        found = self._documents.visible.find_one({"_id": receivable_id})
        if found is None:
            raise NotFound("receivable_not_found", "Título não encontrado.")
        return receivable_of(found)

    def add_many(self, receivables: list[Receivable]) -> None:
        self._documents.insert_many([document_of(receivable) for receivable in receivables])

    def add(self, receivable: Receivable) -> None:
        """Raises ConcurrentUpdate("version_changed") if the source has this instalment already."""
        insert_once(self._documents, document_of(receivable))

    def add_new(self, receivables: list[Receivable]) -> list[Receivable]:
        """Adds those whose ids are not stored yet, and gives them."""
        ids = [receivable.id for receivable in receivables]
        known = {one["_id"] for one in self._documents.find({"_id": {"$in": ids}}, [], len(ids))} if ids else set()
        new = [receivable for receivable in receivables if receivable.id not in known]
        self.add_many(new)
        return new

    def save(self, receivable: Receivable) -> None:
        receivable.version += 1
        self._documents.replace(document_of(receivable))

    def of_source(self, source_id: str) -> list[Receivable]:
        """The receivables of an order or contract, by instalment; at most MOST_INSTALMENTS."""
        found = self._documents.find({"source_id": source_id}, [("instalment", 1)], MOST_INSTALMENTS)
        return [receivable_of(document) for document in found]

    def of_period(self, source_id: str, period: str) -> Receivable | None:
        """The current receivable of a contract's period."""
        found = self._documents.find({"source_id": source_id, "period": period}, [], 1)
        return receivable_of(found[0]) if found else None

    def withdrawn_of(self, source_id: str, period: str) -> list[Receivable]:
        """The withdrawn receivables of a contract's period, the oldest first."""
        where = {"source_id": source_id, "billed_period": period}
        found = self._documents.find(where, [("instalment", 1)], MOST_INSTALMENTS)
        return [receivable_of(document) for document in found]

    def count_settled_of(self, source_id: str) -> int:
        """The number of receivables of a source with payments."""
        return sum(receivable.status in RECEIVED for receivable in self.of_source(source_id))

    def remove_of(self, source_id: str) -> None:
        """Deletes the receivables of an order."""
        for receivable in self.of_source(source_id):
            self._documents.delete({"_id": receivable.id})

    def page(
        self, person_id: str, status: Sequence[str], limit: int, cursor: str | None, counted: bool = False
    ) -> dict[str, Any]:
        """A person's receivables in any of the states, by due date, earliest first."""
        where = {"person_id": person_id, **among("status", status or STATUSES)}
        asked = {**where, **beyond(cursor, "due_date", 1, day)}
        shown = page(self._documents.visible.find(asked, BY_DUE_DATE, limit + 1), limit, "due_date", receivable_of)
        return counting.with_count(shown, self._documents.visible, where, BY_DUE_DATE, asked=counted)

    def page_of_source(
        self, source_id: str, way: int, limit: int, cursor: str | None, counted: bool = False
    ) -> dict[str, Any]:
        """The receivables of an order or contract by instalment, ascending (`way` 1) or descending (-1)."""
        where, order = {"source_id": source_id}, [("instalment", way)]
        after = {"instalment": {"$gt" if way > 0 else "$lt": read_cursor(cursor, whole, word)[0]}} if cursor else {}
        found = self._documents.visible.find({**where, **after}, order, limit + 1)
        shown = page(found, limit, "instalment", receivable_of)
        return counting.with_count(shown, self._documents.visible, where, order, asked=counted)

    def due_in(self, first: dt.date, last: dt.date, limit: int) -> list[Receivable]:
        """The company's receivables due in a period of days, without cancelled ones; the earliest first."""
        days = {"$gte": first.isoformat(), "$lt": until(last)}
        where = {**among("status", (*OWED, SETTLED)), "due_date": days}
        return [receivable_of(one) for one in self._documents.visible.find(where, BY_DUE_DATE, limit)]


def receivable_of(found: Document) -> Receivable:
    made = record_of(found, Receivable)
    if made.status == SETTLED and not made.payments and found.get("paid") is not None:
        paid_on = dt.date.fromisoformat(found["paid_on"])
        restore_single_payment(made, found["paid"].to_decimal(), paid_on, found["settled_by"], found["settled_at"])
    return made
