"""Service orders and service invoices of a person (row S20): opened by a sale's services, or put by other systems.

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.chassis.errors import Conflict
from services.sales.orders.model import Order
from services.sales.shared.days import refuse_future
from services.sales.shared.items import SERVICE, Basket, Discount

OPEN, DONE, CANCELLED = "open", "done", "cancelled"
SERVICE_ORDER_STATUSES = (OPEN, DONE, CANCELLED)
ISSUED = "issued"
SERVICE_INVOICE_STATUSES = (ISSUED, CANCELLED)


@dataclass
class ServiceOrder:
    """Services to be done for a person. `source` (order or external) and `source_id`: where it comes from."""

    id: str
    number: int
    person_id: str
    source: str
    source_id: str
    description: str
    basket: Basket
    opened_on: dt.date
    created_at: dt.datetime
    scheduled_on: dt.date | None = None
    responsible: str = ""
    currency: str = "BRL"
    status: str = OPEN
    status_reason: str = ""
    done_on: dt.date | None = None
    version: int = 1
    # where it was sold: a user who may not see the attendance may not see this record
    attendance_id: str | None = None

    def finish(self, done_on: dt.date, today: dt.date) -> None:
        """Raises Conflict("service_order_not_open"), Invalid("date_future")."""
        self._must_be_open()
        refuse_future(done_on, today, "done_on")
        self.status, self.done_on, self.status_reason = DONE, done_on, ""

    def cancel(self, reason: str) -> None:
        """Raises Conflict("service_order_not_open")."""
        self._must_be_open()
        self.status, self.status_reason = CANCELLED, reason

    def event_data(self) -> dict[str, Any]:
        """The fields of its events."""
        return {
            **self.identity(),
            "source": self.source,
            "status": self.status,
            "total": self.basket.total,
            "currency": self.currency,
            "opened_on": self.opened_on,
            "scheduled_on": self.scheduled_on,
            "done_on": self.done_on,
        }

    def identity(self) -> dict[str, Any]:
        """The fields that identify it in events."""
        owners = {"person_id": self.person_id, "attendance_id": self.attendance_id}
        return {"service_order_id": self.id, "number": self.number, **owners}

    def _must_be_open(self) -> None:
        if self.status != OPEN:
            raise Conflict("service_order_not_open", "A ordem de serviço não está aberta.", status=self.status)


@dataclass
class ServiceInvoice:
    """A city's invoice of services (NFS-e), as another system issued it; `number` is the city's."""

    id: str
    person_id: str
    source_id: str
    number: str
    issued_on: dt.date
    amount: Decimal
    created_at: dt.datetime
    currency: str = "BRL"
    series: str = ""
    description: str = ""
    verification_code: str = ""
    url: str = ""
    status: str = ISSUED
    service_order_id: str | None = None
    version: int = 1
    # where it was sold: a user who may not see the attendance may not see this record
    attendance_id: str | None = None

    def event_data(self) -> dict[str, Any]:
        """The fields of its events."""
        names = ("service_order_id", "number", "series", "person_id", "attendance_id", "status", "amount", "currency")
        return {"service_invoice_id": self.id, **{name: getattr(self, name) for name in (*names, "issued_on")}}


def services_of(order: Order) -> Basket | None:
    """A sale's services, with their share of the discounts; None for a sale of goods only."""
    items, total = order.basket.part([item.kind == SERVICE for item in order.basket.items])
    whole = Basket(items)
    return Basket(items, Discount(amount=whole.subtotal - total)) if items else None
