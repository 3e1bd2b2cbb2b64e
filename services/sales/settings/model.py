"""What a company sets for its sales (rows S8, S15, S19)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.chassis.days import start_of_day
from services.chassis.errors import Conflict
from services.sales.commission.model import ON_RECEIPT


@dataclass
class Settings:
    """`idle_days`: days without interaction after which an opportunity is idle.

    `closing_needs_supervisor`: a supervisor approves each closing; `surplus_billing_kind`: how the company charges
    surplus. `commission_on`: whether an order's commission is payable at once, or with each receivable that is settled.
    """

    idle_days: int = 15
    closing_needs_supervisor: bool = False
    surplus_billing_kind: str = ""
    commission_on: str = ON_RECEIPT
    version: int = 0

    def billing_of_surplus(self) -> str:
        """`surplus_billing_kind`; raises Conflict("surplus_billing_missing") if the company has not set it."""
        if not self.surplus_billing_kind:
            raise Conflict(
                "surplus_billing_missing",
                "Há venda de excedente: configure antes o tipo de movimento de cobrança para venda de excedente.",
                setting="surplus_billing_kind",
            )
        return self.surplus_billing_kind

    def active_before(self, today: dt.date, zone: dt.tzinfo) -> dt.datetime:
        """The moment (UTC) before which the last interaction of an idle opportunity was."""
        day = today - dt.timedelta(days=self.idle_days - 1)
        return start_of_day(day, zone)
