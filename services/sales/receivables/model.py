"""Receivables (títulos a receber): what a person owes, and when (row S18).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from services.chassis.errors import Conflict
from services.sales.shared.days import refuse_future

OPEN, SETTLED, CANCELLED = "open", "settled", "cancelled"


@dataclass
class Receivable:
    """`source` (order, contract or external) and `source_id` say what it came from; `instalment` counts from 1, of a
    contract without end. `period`: the contract's month, as 2026-03."""

    id: str
    person_id: str
    source: str
    source_id: str
    instalment: int
    instalments: int | None
    due_date: dt.date
    amount: Decimal
    created_at: dt.datetime
    currency: str = "BRL"
    description: str = ""
    status: str = OPEN
    settled_at: dt.datetime | None = None
    settled_by: str | None = None
    paid_on: dt.date | None = None
    paid: Decimal | None = None
    version: int = 1
    # of what was sold there: who does not see the attendance does not see this
    attendance_id: str | None = None
    period: str | None = None

    def revise(self, due_date: dt.date, amount: Decimal, currency: str, description: str) -> None:
        """By the system that it came from; raises Conflict("receivable_not_open")."""
        self._must_be(OPEN, "receivable_not_open", "O título não está em aberto.")
        self.due_date, self.amount, self.currency, self.description = due_date, amount, currency, description

    def settle(self, paid: Decimal, paid_on: dt.date, by: str, at: dt.datetime, today: dt.date) -> None:
        """`paid` may differ by interest or discount. Raises Conflict("receivable_not_open"), Invalid("date_future")."""
        self._must_be(OPEN, "receivable_not_open", "O título não está em aberto.")
        refuse_future(paid_on, today, "paid_on")
        self.status, self.paid, self.paid_on, self.settled_by, self.settled_at = SETTLED, paid, paid_on, by, at

    def unsettle(self) -> None:
        """Takes a settlement back; raises Conflict("receivable_not_settled")."""
        self._must_be(SETTLED, "receivable_not_settled", "O título não está baixado.")
        self.status, self.paid, self.paid_on, self.settled_by, self.settled_at = OPEN, None, None, None, None

    def cancel(self) -> None:
        """With its order; a settled one stays."""
        if self.status == OPEN:
            self.status = CANCELLED

    def _must_be(self, status: str, code: str, detail: str) -> None:
        if self.status != status:
            raise Conflict(code, detail, status=self.status)
