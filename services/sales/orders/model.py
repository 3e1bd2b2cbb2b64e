"""Orders (vendas, pedidos): created approved, or by approving a quote (row S13); and purchases (row S14).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Conflict
from services.sales.shared.items import Basket
from services.sales.shared.terms import Terms

SALE, PURCHASE = "sale", "purchase"
APPROVED, CANCELLED = ORDER_STATUSES = ("approved", "cancelled")


@dataclass
class Order:
    """`kind`: a sale to the person, or a purchase from them. `opportunity_id` blocks its reopening (row S16).

    `seller_id`: the person who earns its commission (row S19).
    """

    id: str
    number: int
    kind: str
    person_id: str
    attendance_id: str | None
    opportunity_id: str | None
    quote_id: str | None
    basket: Basket
    terms: Terms
    ordered_at: dt.datetime
    ordered_by: str
    currency: str = "BRL"
    notes: str = ""
    seller_id: str | None = None
    status: str = APPROVED
    cancelled_at: dt.datetime | None = None
    cancel_reason: str = ""
    version: int = 1
    ordered_by_id: str | None = None

    def cancel(self, reason: str, at: dt.datetime, settled: int) -> None:
        """`settled`: the number of its receivables with payments.

        Raises Conflict("order_cancelled" or "order_settled").
        """
        if self.status == CANCELLED:
            raise Conflict("order_cancelled", "A venda já está cancelada.")
        refuse_settled(settled)
        self.status, self.cancelled_at, self.cancel_reason = CANCELLED, at, reason

    def event_data(self) -> dict[str, Any]:
        """The fields of its events."""
        return {
            "order_id": self.id,
            "number": self.number,
            "kind": self.kind,
            "person_id": self.person_id,
            "attendance_id": self.attendance_id,
            "opportunity_id": self.opportunity_id,
            "total": self.basket.total,
            "currency": self.currency,
        }


def refuse_settled(settled: int) -> None:
    """An order with money received is neither cancelled nor deleted; raises Conflict("order_settled")."""
    if settled:
        detail = f"A venda tem {settled} título(s) baixado(s); estorne a baixa antes."
        raise Conflict("order_settled", detail, settled=settled)
