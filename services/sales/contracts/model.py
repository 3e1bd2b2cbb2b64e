"""Contracts: what a person is charged every month (rows S15, S17).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from services.chassis.errors import Conflict
from services.sales.shared.items import Basket

OPPORTUNITY = "opportunity"
FIXED, VARIABLE = "fixed", "variable"
BILLED, DONATED = "billed", "donated"
ACTIVE, SUSPENDED, STOPPED = "active", "suspended", "stopped"

CONTRACT_KINDS = (FIXED, VARIABLE)
BILLINGS = (BILLED, DONATED)
CONTRACT_STATUSES = (ACTIVE, SUSPENDED, STOPPED)


@dataclass
class Contract:
    """`kind`: the same amount each month, or one that is measured; `billing`: charged, or given away.

    `source` (opportunity or external) and `source_id` say what it came from; `billing_kind` is the company's word for
    how it is charged, another one for what was sold as surplus.
    """

    id: str
    number: int
    person_id: str
    source: str
    source_id: str
    basket: Basket
    starts_on: dt.date
    created_at: dt.datetime
    kind: str = FIXED
    billing: str = BILLED
    billing_kind: str = ""
    surplus: bool = False
    currency: str = "BRL"
    status: str = ACTIVE
    status_reason: str = ""
    status_since: dt.datetime | None = None
    version: int = 1
    # of what was sold there: who does not see the attendance does not see this
    attendance_id: str | None = None

    @property
    def monthly(self) -> Decimal:
        """What a month costs; a donated contract's is what is given away.

        Of what an opportunity sold, only what recurs: its order charged the rest (closing/surplus.py).
        """
        if self.source == OPPORTUNITY:
            return self.basket.part([item.recurring for item in self.basket.items])[1]
        return self.basket.total

    @property
    def traits(self) -> list[str]:
        """What row S17 filters by."""
        return [self.kind, self.billing, self.status]

    def suspend(self, reason: str, at: dt.datetime) -> None:
        """For a while; raises Conflict("contract_not_active")."""
        self._must_be(ACTIVE)
        self._become(SUSPENDED, reason, at)

    def resume(self, at: dt.datetime) -> None:
        """Raises Conflict("contract_not_suspended")."""
        self._must_be(SUSPENDED)
        self._become(ACTIVE, "", at)

    def stop(self, reason: str, at: dt.datetime) -> None:
        """For good; raises Conflict("contract_stopped")."""
        if self.status == STOPPED:
            raise Conflict("contract_stopped", "O contrato já está paralisado.")
        self._become(STOPPED, reason, at)

    def revise(self, basket: Basket, kind: str, billing: str, starts_on: dt.date, currency: str) -> None:
        """By the system that it came from; raises Conflict("contract_stopped")."""
        if self.status == STOPPED:
            raise Conflict("contract_stopped", "O contrato já está paralisado.")
        self.basket, self.kind, self.billing, self.starts_on = basket, kind, billing, starts_on
        self.currency = currency

    def _become(self, status: str, reason: str, at: dt.datetime) -> None:
        self.status, self.status_reason, self.status_since = status, reason, at

    def _must_be(self, status: str) -> None:
        if self.status != status:
            names = {ACTIVE: "ativo", SUSPENDED: "suspenso"}
            detail = f"O contrato não está {names[status]}."
            raise Conflict(f"contract_not_{status}", detail, status=self.status)
