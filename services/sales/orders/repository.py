"""Orders: sales and purchases."""

from __future__ import annotations

from typing import Any

from services.chassis import counting
from services.chassis.errors import ConcurrentUpdate, NotFound
from services.chassis.pages import after, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.orders.model import APPROVED, SALE, Order
from services.sales.shared.records import document_of, record_of

NEWEST = [("ordered_at", -1), ("_id", -1)]

INDEXES = (
    Index("orders", [("person_id", 1), ("kind", 1), *NEWEST]),
    Index("orders", [("attendance_id", 1), ("kind", 1), *NEWEST]),
    Index("orders", [("opportunity_id", 1), ("kind", 1), *NEWEST]),
    Index("orders", [("kind", 1), ("status", 1), *NEWEST]),
)
# The most orders of one opportunity that are read; nobody sells more often in one conversation.
MOST_OF_AN_OPPORTUNITY = 500


class Orders:
    def __init__(self, documents: TenantCollection, numbers: TenantCollection) -> None:
        self._documents = documents
        self._numbers = numbers

    def next_number(self, kind: str) -> int:
        return self._numbers.take_numbers(kind)[0]

    def get(self, order_id: str) -> Order:
        """Raises NotFound("order_not_found")."""
        found = self._documents.visible.find_one({"_id": order_id})
        if found is None:
            raise NotFound("order_not_found", "Venda não encontrada.")
        return record_of(found, Order)

    def add(self, order: Order) -> None:
        self._documents.insert(document_of(order))

    def save(self, order: Order) -> None:
        order.version += 1
        self._documents.replace(document_of(order))

    def touch(self, order: Order) -> None:
        """Writes the unchanged order, so that transactions that depend on its state conflict, and one is retried.

        Raises ConcurrentUpdate("version_changed") if the order was changed meanwhile.
        """
        where = {"_id": order.id, "version": order.version}
        if not self._documents.update_many(where, {"$inc": {"touches": 1}}):
            raise ConcurrentUpdate("version_changed", "O registro foi alterado por outra pessoa; carregue-o novamente.")

    def remove(self, order: Order) -> None:
        self._documents.delete({"_id": order.id})

    def sales_of(self, opportunity_id: str) -> list[Order]:
        """The sales of an opportunity, cancelled ones too, the oldest first."""
        return self._of(opportunity_id, SALE)

    def active_of(self, opportunity_id: str, kind: str) -> list[Order]:
        """The orders of an opportunity that are not cancelled, the oldest first."""
        return [order for order in self._of(opportunity_id, kind) if order.status == APPROVED]

    def _of(self, opportunity_id: str, kind: str) -> list[Order]:
        where = {"opportunity_id": opportunity_id, "kind": kind}
        found = self._documents.find(where, NEWEST, MOST_OF_AN_OPPORTUNITY)
        return [record_of(document, Order) for document in reversed(found)]

    def of_company(self, kind: str, where: Document, limit: int, cursor: str | None) -> dict[str, Any]:
        """Newest first; `where`: the filter of moment and status."""
        wanted = {"kind": kind, **where, **after(cursor, "ordered_at")}
        found = self._documents.visible.find(wanted, NEWEST, limit + 1)
        return page(found, limit, "ordered_at", lambda document: record_of(document, Order))

    def page(
        self, field: str, owner_id: str, kind: str, limit: int, cursor: str | None, *, counted: bool = False
    ) -> dict[str, Any]:
        """Orders whose `field` (person_id or attendance_id) is `owner_id`, newest first."""
        where = {field: owner_id, "kind": kind}
        found = self._documents.visible.find({**where, **after(cursor, "ordered_at")}, NEWEST, limit + 1)
        shown = page(found, limit, "ordered_at", lambda document: record_of(document, Order))
        return counting.with_count(shown, self._documents.visible, where, NEWEST, asked=counted)
