"""Contracts: what a person is charged every month (rows S15, S17). Which months are billed is in periods.py.

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import cast

from services.chassis.errors import Conflict, Invalid
from services.sales.contracts.periods import BILLED, DONATED, FIXED, VARIABLE, Agreement, BillingPlan, Charge, first_day
from services.sales.shared.items import Basket

OPPORTUNITY = "opportunity"
# The `source` of a contract's receivables.
CONTRACT = "contract"
ACTIVE, SUSPENDED, STOPPED = "active", "suspended", "stopped"

CONTRACT_KINDS = (FIXED, VARIABLE)
BILLINGS = (BILLED, DONATED)
CONTRACT_STATUSES = (ACTIVE, SUSPENDED, STOPPED)
# The earliest `bills_from`, in days before today.
MOST_DAYS_BACK = 5 * 366


@dataclass
class Contract:
    """`kind`: the same amount each month, or a measured one; `billing`: charged, or given away.

    `source` (opportunity or external) and `source_id`: where it comes from. `billing_kind`: the company's name for how
    surplus is charged, empty for other contracts.
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
    # where it was sold: a user who may not see the attendance may not see the contract
    attendance_id: str | None = None
    # the day of the month on which it is due; 0: that of `starts_on`
    due_day: int = 0
    plan: BillingPlan | None = None

    @property
    def monthly(self) -> Decimal:
        """The price of a month, also where the contract is donated.

        Of a contract from an opportunity, the recurring items only: the order charged the others (closing/surplus.py).
        """
        if self.source == OPPORTUNITY:
            return self.basket.part([item.recurring for item in self.basket.items])[1]
        return self.basket.total

    @property
    def traits(self) -> list[str]:
        """The values that lists of contracts filter by (row S17)."""
        return [self.kind, self.billing, self.status]

    @property
    def bills_from(self) -> dt.date:
        return self._planned.bills_from

    @property
    def next_due(self) -> dt.date | None:
        """The due day of the next period to be billed; None where none is known."""
        return self._planned.next_due()

    @property
    def billing_progress(self) -> tuple[str, str]:
        """The next undecided period and the status: what `bill` may change."""
        return self._planned.next_period, self.status

    def begin_billing(self, bills_from: dt.date | None, today: dt.date) -> None:
        """Plans the billing of periods due on `bills_from` (today by default) or later."""
        self.due_day = self.due_day or self.starts_on.day
        start = bills_from or today
        self.plan = BillingPlan.of(self._agreement(today), start)
        if self.status == SUSPENDED:
            self.plan.suspend(today)
        elif self.status == STOPPED:
            self.plan.stop(start - dt.timedelta(days=1))

    def bill(self, today: dt.date, most: int) -> list[Charge]:
        """Takes the charges of due periods, the earliest first, at most `most`; each is given once."""
        return self._planned.take(today, most)

    def count_again(self) -> int:
        """Counts a period that is billed by hand; gives its number among all that were billed."""
        self._planned.billed += 1
        return self._planned.billed

    def charges_until(self, day: dt.date, most: int) -> list[Charge]:
        """The charges that `bill` would give until `day`; changes nothing."""
        return deepcopy(self._planned).take(day, most)

    def suspend(self, reason: str, at: dt.datetime, today: dt.date) -> None:
        """Raises Conflict("contract_not_active")."""
        self._must_be(ACTIVE)
        self._settled_by(today).suspend(today)
        self._become(SUSPENDED, reason, at)

    def resume(self, at: dt.datetime, today: dt.date) -> None:
        """Raises Conflict("contract_not_suspended")."""
        self._must_be(SUSPENDED)
        self._settled_by(today).resume(today)
        self._become(ACTIVE, "", at)

    def stop(self, reason: str, at: dt.datetime, today: dt.date) -> None:
        """For good; raises Conflict("contract_stopped")."""
        self._must_not_be_stopped()
        self._settled_by(today).stop(today)
        self._become(STOPPED, reason, at)

    def end(self, reason: str, at: dt.datetime) -> None:
        """Stops the contract before its next undecided period, even if that is due."""
        self._planned.stop(first_day(self._planned.next_period) - dt.timedelta(days=1))
        self._become(STOPPED, reason, at)

    def revise(
        self, basket: Basket, kind: str, billing: str, starts_on: dt.date, currency: str, due_day: int, today: dt.date
    ) -> None:
        """New values from the system it comes from, billed from the next period on.

        Raises Conflict("contract_stopped").
        """
        self._must_not_be_stopped()
        plan = self._settled_by(today)
        self.basket, self.kind, self.billing, self.starts_on = basket, kind, billing, starts_on
        self.currency, self.due_day = currency, due_day
        plan.agree(self._agreement(today))

    @property
    def _planned(self) -> BillingPlan:
        if self.plan is None:
            self.begin_billing(None, self.created_at.date())
        return cast(BillingPlan, self.plan)

    def _settled_by(self, today: dt.date) -> BillingPlan:
        """The plan, after deciding which periods until today are not billed: a change does not affect these."""
        self._planned.take(today, 0)
        return self._planned

    def _agreement(self, since: dt.date) -> Agreement:
        return Agreement(since, self.kind, self.billing, self.starts_on, self.due_day, self.monthly, self.currency)

    def _become(self, status: str, reason: str, at: dt.datetime) -> None:
        self.status, self.status_reason, self.status_since = status, reason, at

    def _must_not_be_stopped(self) -> None:
        if self.status == STOPPED:
            raise Conflict("contract_stopped", "O contrato já está paralisado.")

    def _must_be(self, status: str) -> None:
        if self.status != status:
            names = {ACTIVE: "ativo", SUSPENDED: "suspenso"}
            detail = f"O contrato não está {names[status]}."
            raise Conflict(f"contract_not_{status}", detail, status=self.status)


def traits_of(kinds: Sequence[str], billings: Sequence[str], statuses: Sequence[str]) -> list[list[str]]:
    """The combinations of traits that match a filter: a contract matches if it has all traits of one of them.

    A filter that names none or all values of a trait leaves that trait out.
    """
    filters = ((kinds, CONTRACT_KINDS), (billings, BILLINGS), (statuses, CONTRACT_STATUSES))
    narrowing = [sorted(set(wanted)) for wanted, every in filters if wanted and set(wanted) != set(every)]
    return [list(combination) for combination in product(*narrowing)]


def refuse_too_early(bills_from: dt.date | None, today: dt.date) -> None:
    """Raises Invalid("bills_from_too_early")."""
    if bills_from is not None and bills_from < today - dt.timedelta(days=MOST_DAYS_BACK):
        detail = "A cobrança pode começar no máximo 5 anos antes de hoje."
        raise Invalid("bills_from_too_early", detail, fields={"bills_from": [detail]})
