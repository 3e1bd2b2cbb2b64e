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
# What the receivables of one name as their source.
CONTRACT = "contract"
ACTIVE, SUSPENDED, STOPPED = "active", "suspended", "stopped"

CONTRACT_KINDS = (FIXED, VARIABLE)
BILLINGS = (BILLED, DONATED)
CONTRACT_STATUSES = (ACTIVE, SUSPENDED, STOPPED)
# How long ago the first period may be that is billed afterwards.
MOST_DAYS_BACK = 5 * 366


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
    # the day of the month on which it is due; that of `starts_on` unless said
    due_day: int = 0
    plan: BillingPlan | None = None

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

    @property
    def bills_from(self) -> dt.date:
        return self._planned.bills_from

    @property
    def next_due(self) -> dt.date | None:
        """When it is billed next, as far as that is known."""
        return self._planned.next_due()

    @property
    def decided(self) -> tuple[str, str]:
        """What billing it changes."""
        return self._planned.next_period, self.status

    def begin_billing(self, bills_from: dt.date | None, today: dt.date) -> None:
        """From the day it is known on, unless another one is named: what was due before is not billed here."""
        self.due_day = self.due_day or self.starts_on.day
        start = bills_from or today
        self.plan = BillingPlan.of(self._agreement(today), start)
        if self.status == SUSPENDED:
            self.plan.suspend(today)
        elif self.status == STOPPED:
            self.plan.stop(start - dt.timedelta(days=1))

    def bill(self, today: dt.date, most: int) -> list[Charge]:
        """The periods that are due, in their order, at most so many: each is given once."""
        return self._planned.take(today, most)

    def count_again(self) -> int:
        """The number of a period that is billed by hand, after all that were billed."""
        self._planned.billed += 1
        return self._planned.billed

    def charges_until(self, day: dt.date, most: int) -> list[Charge]:
        """What `bill` would give by then, if nothing changes."""
        return deepcopy(self._planned).take(day, most)

    def suspend(self, reason: str, at: dt.datetime, today: dt.date) -> None:
        """For a while; raises Conflict("contract_not_active")."""
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
        """Stopped before its next period, whatever of it is due."""
        self._planned.stop(first_day(self._planned.next_period) - dt.timedelta(days=1))
        self._become(STOPPED, reason, at)

    def revise(
        self, basket: Basket, kind: str, billing: str, starts_on: dt.date, currency: str, due_day: int, today: dt.date
    ) -> None:
        """By the system that it came from; billed from the next period on. Raises Conflict("contract_stopped")."""
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
        """Its plan, which has decided what is not billed by today: what is changed now changes nothing before."""
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
    """Mixtures of traits of which a contract has one whole, if it is any of the words named of each: two at most, for
    all words of a sort, or none, say nothing."""
    sorts = ((kinds, CONTRACT_KINDS), (billings, BILLINGS), (statuses, CONTRACT_STATUSES))
    telling = [sorted(set(named)) for named, every in sorts if named and set(named) != set(every)]
    return [list(mixture) for mixture in product(*telling)]


def refuse_too_early(bills_from: dt.date | None, today: dt.date) -> None:
    """Raises Invalid("bills_from_too_early")."""
    if bills_from is not None and bills_from < today - dt.timedelta(days=MOST_DAYS_BACK):
        detail = "A cobrança pode começar no máximo 5 anos antes de hoje."
        raise Invalid("bills_from_too_early", detail, fields={"bills_from": [detail]})
