"""Service orders and service invoices."""

from __future__ import annotations

from typing import Any

from services.chassis import counting
from services.chassis.errors import NotFound
from services.chassis.pages import after, day, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.service_orders.model import ServiceInvoice, ServiceOrder
from services.sales.shared.records import document_of, insert_once, record_of

NEWEST_ORDER = [("opened_on", -1), ("_id", -1)]
NEWEST_INVOICE = [("issued_on", -1), ("_id", -1)]
MOST_INVOICES = 50

INDEXES = (
    Index("service_orders", [("person_id", 1), ("status", 1), *NEWEST_ORDER]),
    Index("service_orders", [("source_id", 1)], unique=True),
    Index("service_invoices", [("person_id", 1), ("status", 1), *NEWEST_INVOICE]),
    Index("service_invoices", [("source_id", 1)], unique=True),
    Index("service_invoices", [("service_order_id", 1), *NEWEST_INVOICE]),
)


class ServiceOrders:
    def __init__(self, documents: TenantCollection, numbers: TenantCollection) -> None:
        self._documents = documents
        self._numbers = numbers

    def next_number(self) -> int:
        return self._numbers.take_numbers("service_order")[0]

    def get(self, order_id: str) -> ServiceOrder:
        """Raises NotFound("service_order_not_found")."""
        found = self._documents.visible.find_one({"_id": order_id})
        if found is None:
            raise NotFound("service_order_not_found", "Ordem de serviço não encontrada.")
        return record_of(found, ServiceOrder)

    def of_source(self, source_id: str) -> ServiceOrder | None:
        found = self._documents.find_one({"source_id": source_id})
        return record_of(found, ServiceOrder) if found else None

    def add(self, order: ServiceOrder) -> None:
        """Raises ConcurrentUpdate("version_changed") for a source that has one already."""
        insert_once(self._documents, document_of(order))

    def save(self, order: ServiceOrder) -> None:
        order.version += 1
        self._documents.replace(document_of(order))

    def remove(self, order: ServiceOrder) -> None:
        self._documents.delete({"_id": order.id})

    def page(
        self, person_id: str, status: str | None, limit: int, cursor: str | None, counted: bool = False
    ) -> dict[str, Any]:
        """Of a person, newest first."""
        where = {"person_id": person_id, **_with_status(status)}
        found = self._documents.visible.find({**where, **after(cursor, "opened_on", day)}, NEWEST_ORDER, limit + 1)
        shown = page(found, limit, "opened_on", lambda document: record_of(document, ServiceOrder))
        return counting.with_count(shown, self._documents.visible, where, NEWEST_ORDER, asked=counted)


class ServiceInvoices:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def get(self, invoice_id: str) -> ServiceInvoice:
        """Raises NotFound("service_invoice_not_found")."""
        found = self._documents.visible.find_one({"_id": invoice_id})
        if found is None:
            raise NotFound("service_invoice_not_found", "Nota de serviço não encontrada.")
        return record_of(found, ServiceInvoice)

    def of_source(self, source_id: str) -> ServiceInvoice | None:
        found = self._documents.find_one({"source_id": source_id})
        return record_of(found, ServiceInvoice) if found else None

    def of_order(self, service_order_id: str) -> list[ServiceInvoice]:
        """Newest first, at most 50."""
        found = self._documents.find({"service_order_id": service_order_id}, NEWEST_INVOICE, MOST_INVOICES)
        return [record_of(document, ServiceInvoice) for document in found]

    def add(self, invoice: ServiceInvoice) -> None:
        """Raises ConcurrentUpdate("version_changed") for a source that has one already."""
        insert_once(self._documents, document_of(invoice))

    def save(self, invoice: ServiceInvoice) -> None:
        invoice.version += 1
        self._documents.replace(document_of(invoice))

    def page(
        self, person_id: str, status: str | None, limit: int, cursor: str | None, counted: bool = False
    ) -> dict[str, Any]:
        """Of a person, newest first."""
        where = {"person_id": person_id, **_with_status(status)}
        found = self._documents.visible.find({**where, **after(cursor, "issued_on", day)}, NEWEST_INVOICE, limit + 1)
        shown = page(found, limit, "issued_on", lambda document: record_of(document, ServiceInvoice))
        return counting.with_count(shown, self._documents.visible, where, NEWEST_INVOICE, asked=counted)


def _with_status(status: str | None) -> Document:
    return {"status": status} if status else {}
