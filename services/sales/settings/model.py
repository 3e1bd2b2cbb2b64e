"""What a company sets for its sales (rows S8, S15, S19)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.chassis.errors import Conflict
from services.sales.commission.model import ON_RECEIPT


@dataclass
class Settings:
    """`idle_days`: days without interaction after which an opportunity is idle.

    `closing_needs_supervisor`: nobody closes alone; `surplus_billing_kind`: how the company charges surplus.
    `commission_on`: whether an order's commission is payable at once, or with each receivable that is settled.
    """

    idle_days: int = 15
    closing_needs_supervisor: bool = False
    surplus_billing_kind: str = ""
    commission_on: str = ON_RECEIPT
    version: int = 0

    def billing_of_surplus(self) -> str:
        """Raises Conflict("surplus_billing_missing") where the company has not said it."""
        if not self.surplus_billing_kind:
            raise Conflict(
                "surplus_billing_missing",
                "Há venda de excedente: configure antes o tipo de movimento de cobrança para venda de excedente.",
                setting="surplus_billing_kind",
            )
        return self.surplus_billing_kind

    def active_before(self, today: dt.date, zone: dt.tzinfo) -> dt.datetime:
        """What was last active before this moment has been without interaction for `idle_days` days, in UTC."""
        day = today - dt.timedelta(days=self.idle_days - 1)
        return dt.datetime.combine(day, dt.time.min, zone).astimezone(dt.UTC)
