"""Which periods of a contract are billed, when and at what price (row S17, docs/adr/0034).

A period is a month of the calendar. It is billed on its due day, once, at the price that was agreed when it began.
No framework, store or clock may enter.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal

FIXED, VARIABLE = "fixed", "variable"
BILLED, DONATED = "billed", "donated"
DAY = dt.timedelta(days=1)
# The most months that next_due looks ahead: from FIRST_DAY to LAST_DAY of the inputs' calendar.
MOST_MONTHS = 301 * 12


def period_of(day: dt.date) -> str:
    """The month that a day is in: `2026-03`."""
    return f"{day.year:04}-{day.month:02}"


def first_day(period: str) -> dt.date:
    return dt.date.fromisoformat(f"{period}-01")


def next_period(period: str) -> str:
    return period_of(first_day(period) + 31 * DAY)


def day_in(period: str, day: int) -> dt.date:
    """The `day` of the period's month; the month's last day where it is shorter."""
    first = first_day(period)
    return first.replace(day=min(day, calendar.monthrange(first.year, first.month)[1]))


@dataclass(frozen=True)
class Agreement:
    """The terms of a contract as known since the day `since`; `price` of a month."""

    since: dt.date
    kind: str
    billing: str
    starts_on: dt.date
    due_day: int
    price: Decimal
    currency: str


@dataclass(frozen=True)
class Suspension:
    """A suspension; on the days on which it begins and ends the contract is billed."""

    since: dt.date
    until: dt.date | None = None

    def covers(self, day: dt.date) -> bool:
        return self.since < day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Charge:
    """A period to be billed, the `number`th of its contract, at the price agreed on `priced_on`."""

    number: int
    period: str
    due_date: dt.date
    amount: Decimal
    currency: str
    priced_on: dt.date


@dataclass
class BillingPlan:
    """The state of a contract's billing. Periods are decided in order: billed, or left out.

    `next_period`: the first that is not decided. `billed`: the number of periods billed. `begun`: a period since the
    contract's start is decided. `agreements`, in the order they were made, and `suspensions` hold only what undecided
    periods need. A period that is decided late, after an outage, is decided as on its due day.
    """

    bills_from: dt.date
    next_period: str
    agreements: list[Agreement]
    billed: int = 0
    begun: bool = False
    suspensions: list[Suspension] = field(default_factory=list)
    stopped_on: dt.date | None = None

    @classmethod
    def of(cls, agreement: Agreement, bills_from: dt.date) -> BillingPlan:
        """Periods due before `bills_from` are not billed here."""
        return cls(bills_from, period_of(max(agreement.starts_on, bills_from)), [agreement])

    def agree(self, agreement: Agreement) -> None:
        """Adds an agreement for the next periods; before the contract has begun, for its first one too."""
        last = self.agreements[-1]
        if replace(agreement, since=last.since) == last:
            return
        if agreement.since < last.starts_on and not self.begun:
            begins = max(agreement.starts_on, self.bills_from, agreement.since)
            self.next_period = min(self.next_period, period_of(begins))
        self.agreements.append(agreement)

    def suspend(self, day: dt.date) -> None:
        self.suspensions.append(Suspension(day))

    def resume(self, day: dt.date) -> None:
        """Ends the current suspension; one that covers no day is dropped."""
        ended = Suspension(self.suspensions.pop().since, day) if self.suspensions else Suspension(day)
        if ended.since + DAY < day:
            self.suspensions.append(ended)

    def stop(self, day: dt.date) -> None:
        """Periods due on `day` or before are still billed."""
        self.stopped_on = day

    def take(self, today: dt.date, most: int) -> list[Charge]:
        """Decides the due periods, the earliest first; gives the charges of those to be billed, at most `most`.

        With `most` 0 it stops at the first period that is to be billed.
        """
        taken: list[Charge] = []
        while True:
            agreed, due = self._agreed_for(self.next_period)
            if due > today or self._may_be_resumed(due, today):
                break
            if self._is_billed(agreed, due):
                if len(taken) == most:
                    break
                self.billed += 1
                taken.append(self._charge(agreed, due))
            self.begun = self.begun or due >= agreed.starts_on
            self.next_period = next_period(self.next_period)
        self._forget()
        return taken

    def next_due(self) -> dt.date | None:
        """The due day of the next period to be billed; None where none is known."""
        period = self.next_period
        for _ in range(MOST_MONTHS):
            agreed, due = self._agreed_for(period)
            if self._is_billed(agreed, due):
                return due
            if agreed is self.agreements[-1] and self._never_again(agreed, due):
                return None
            period = next_period(period)
        return None

    def _agreed_for(self, period: str) -> tuple[Agreement, dt.date]:
        """The last agreement made before the period began, else the first one; and the period's due day by it."""
        agreed = self.agreements[0]
        for later in self.agreements[1:]:
            if later.since < max(first_day(period), agreed.starts_on):
                agreed = later
        return agreed, day_in(period, agreed.due_day)

    def _priced(self, agreed: Agreement, due: dt.date) -> Agreement:
        """The agreement whose price counts: `agreed`; of a measured contract the last one made before the due day."""
        if agreed.kind != VARIABLE:
            return agreed
        known = [one for one in self.agreements[self.agreements.index(agreed) + 1 :] if one.since < due]
        return known[-1] if known else agreed

    def _charge(self, agreed: Agreement, due: dt.date) -> Charge:
        priced = self._priced(agreed, due)
        return Charge(self.billed, self.next_period, due, priced.price, priced.currency, priced.since)

    def _is_billed(self, agreed: Agreement, due: dt.date) -> bool:
        return (
            agreed.billing == BILLED
            and self._priced(agreed, due).price > 0
            and due >= max(agreed.starts_on, self.bills_from)
            and (self.stopped_on is None or due <= self.stopped_on)
            and not any(one.covers(due) for one in self.suspensions)
        )

    def _may_be_resumed(self, due: dt.date, today: dt.date) -> bool:
        """Whether the period is due today in a suspension that may still end today."""
        return due == today and any(one.until is None and one.covers(due) for one in self.suspensions)

    def _never_again(self, agreed: Agreement, due: dt.date) -> bool:
        """Whether no later period will be billed under the last agreement, unless the contract changes."""
        for_good = agreed.billing != BILLED or not agreed.price
        suspended = any(one.until is None and one.covers(due) for one in self.suspensions)
        return for_good or suspended or (self.stopped_on is not None and due > self.stopped_on)

    def _forget(self) -> None:
        agreed, _ = self._agreed_for(self.next_period)
        self.agreements = self.agreements[self.agreements.index(agreed) :]
        begins = first_day(self.next_period)
        self.suspensions = [one for one in self.suspensions if one.until is None or one.until > begins]
