"""The commission account of a seller: its entries, and the closings that pay them (row S19).

A closed entry is never changed: it is taken back by a negative entry.
No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from services.chassis.errors import Conflict
from services.sales.shared.items import HUNDRED, Basket
from services.sales.shared.money import LARGEST, ZERO, cents, shared

ON_RECEIPT, ON_ORDER = "receipt", "order"
EARNED_ON = (ON_RECEIPT, ON_ORDER)
PENDING, OPEN, CLOSED, CANCELLED = "pending", "open", "closed", "cancelled"
ENTRY_STATUSES = (PENDING, OPEN, CLOSED, CANCELLED)
EARNING, REVERSAL = ENTRY_KINDS = ("earning", "reversal")
# The categories of persons who may have an account.
ENTITLED = frozenset({"employee", "representative"})

PERSON, PRODUCT = "person", "product"
RATE_KINDS = (PERSON, PRODUCT)


def may_earn_commission(categories: Sequence[str] | None) -> bool:
    """Whether a person of these categories may have an account; None: not known here, but people checked the link."""
    return categories is None or not ENTITLED.isdisjoint(categories)


@dataclass
class Rate:
    """A percentage of an item's price, for a seller (`person_id`) or a `product`, which beats it; the other is ""."""

    id: str
    kind: str
    person_id: str
    product: str
    percent: Decimal
    set_at: dt.datetime
    set_by: str
    version: int = 1
    set_by_id: str | None = None


@dataclass(frozen=True)
class Part:
    """An item's part of an entry; `base`: the part of its price that the entry is for."""

    product: str
    description: str
    percent: Decimal
    base: Decimal
    amount: Decimal

    def negated(self) -> Part:
        return Part(self.product, self.description, self.percent, -self.base, -self.amount)


# The initial values of fields that an entry made from another one does not take over.
_NEW: dict[str, Any] = {"closing_id": None, "account": None, "counted_as": None, "version": 1}


@dataclass
class Entry:
    """The commission of a seller for one receivable of an order, or (`receivable_id` None) for the whole order.

    `turn` counts the receivable's entries, one more after each reversal. `earned_at` (UTC): payable since.
    """

    id: str
    person_id: str
    order_id: str
    order_number: int
    receivable_id: str | None
    instalment: int
    parts: tuple[Part, ...]
    amount: Decimal
    currency: str
    created_at: dt.datetime
    kind: str = EARNING
    status: str = PENDING
    turn: int = 1
    earned_at: dt.datetime | None = None
    reverses: str | None = None
    closing_id: str | None = None
    version: int = 1
    # where it was sold: a user who may not see the attendance may not see the entry
    attendance_id: str | None = None
    # the person and status under which the running totals count it (commission/totals.py); None: not yet
    account: str | None = None
    counted_as: str | None = None

    def earn(self, at: dt.datetime) -> None:
        self.status, self.earned_at = OPEN, at

    def wait(self) -> None:
        """Makes it pending again, because its receivable was opened again before a closing."""
        self.status, self.earned_at = PENDING, None

    def cancel(self) -> None:
        self.status, self.earned_at = CANCELLED, None

    def reversal(self, id: str, at: dt.datetime) -> Entry:
        """A negative, payable entry that takes back this closed one."""
        parts = tuple(part.negated() for part in self.parts)
        negated = replace(self, parts=parts, amount=-self.amount, kind=REVERSAL, status=OPEN, earned_at=at)
        return replace(negated, id=id, created_at=at, reverses=self.id, **_NEW)

    def renewed(self, id: str, at: dt.datetime) -> Entry:
        """A new pending entry for the receivable of a closed entry, which may be settled once more."""
        waiting = replace(self, status=PENDING, earned_at=None, turn=self.turn + 1)
        return replace(waiting, id=id, created_at=at, **_NEW)


@dataclass
class Balance:
    """The sums of an account in one currency by status: pending, open (payable) and closed (paid)."""

    pending: Decimal = ZERO
    open: Decimal = ZERO
    closed: Decimal = ZERO

    @property
    def earned(self) -> Decimal:
        return self.open + self.closed

    def add(self, pending: Decimal, open: Decimal, closed: Decimal) -> None:
        self.pending, self.open, self.closed = self.pending + pending, self.open + open, self.closed + closed

    def add_entry(self, entry: Entry) -> None:
        """Adds an entry that no running total counts; a cancelled one adds nothing."""
        amounts = {status: entry.amount if entry.status == status else ZERO for status in (PENDING, OPEN, CLOSED)}
        self.add(**amounts)


@dataclass
class Closing:
    """A payment of all that was payable to a person in a currency by the end of `ends_on` (company's time zone)."""

    id: str
    number: int
    person_id: str
    currency: str
    starts_on: dt.date
    ends_on: dt.date
    entries: int
    total: Decimal
    closed_at: dt.datetime
    closed_by: str
    closed_by_name: str
    version: int = 1


MOST_CLOSED = 5_000


def refuse_unclosable(entries: Sequence[Entry]) -> None:
    """Raises Conflict("commission_nothing_open") or Conflict("closing_too_large")."""
    if not entries:
        raise Conflict("commission_nothing_open", "Não há comissões em aberto até esta data.")
    if len(entries) > MOST_CLOSED or abs(total_of(entries)) > LARGEST:
        detail = (
            f"Há mais de {MOST_CLOSED} lançamentos, ou um valor grande demais, em aberto; feche até uma data anterior."
        )
        raise Conflict("closing_too_large", detail)


def commission_parts_of(basket: Basket, percent_of: Callable[[str], Decimal]) -> list[Part]:
    """The commission of each item, rounded to the cent, from its part of the total after all discounts."""
    found = []
    for item, net in zip(basket.items, basket.net, strict=True):
        percent = percent_of(item.product)
        amount = cents(net * percent / HUNDRED)
        if amount:
            found.append(Part(item.product, item.description, percent, net, amount))
    return found


def split(lines: Sequence[Part], weights: Sequence[Decimal]) -> list[tuple[Part, ...]]:
    """Divides each line over receivables by `weights` without losing a cent; shares of 0 are left out."""
    bases = [shared(line.base, weights) for line in lines]
    amounts = [shared(line.amount, weights) for line in lines]
    return [
        tuple(
            Part(line.product, line.description, line.percent, bases[row][column], amounts[row][column])
            for row, line in enumerate(lines)
            if amounts[row][column]
        )
        for column in range(len(weights))
    ]


def total_of(amounts: Iterable[Part | Entry]) -> Decimal:
    """The sum of the items of an entry, or of the entries of a closing."""
    return sum((one.amount for one in amounts), ZERO)
