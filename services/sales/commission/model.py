"""The commission account of a seller: what orders bring in, when it is payable, and what a closing took (row S19).

An entry is never changed once it is closed: what is taken back later is an entry of its own, below zero.
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
# Who may have an account: the company's own people.
ENTITLED = frozenset({"employee", "representative"})

PERSON, PRODUCT = "person", "product"
RATE_KINDS = (PERSON, PRODUCT)


def entitled(categories: Sequence[str] | None) -> bool:
    """Whether a person of these may have an account; None: not known here, and then people checked the user's link."""
    return categories is None or not ENTITLED.isdisjoint(categories)


@dataclass
class Rate:
    """Per cent of what an item is sold for: of a seller (`person_id`), or, beating it, a `product`; the other is ""."""

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
    """An item's part of an entry: `base` is the part of its price that the entry is for."""

    product: str
    description: str
    percent: Decimal
    base: Decimal
    amount: Decimal

    def negative(self) -> Part:
        return Part(self.product, self.description, self.percent, -self.base, -self.amount)


# What an entry that comes of another one does not take over.
_NEW: dict[str, Any] = {"closing_id": None, "account": None, "counted_as": None, "version": 1}


@dataclass
class Entry:
    """What one receivable of an order earns its seller, or (`receivable_id` None) the whole order.

    `turn` counts how often the receivable's commission arose: again after a reversal. `earned_at`: payable since.
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
    # of what was sold there: who does not see the attendance does not see this
    attendance_id: str | None = None
    # in whose running totals it is, and as what (commission/totals.py); None: not yet
    account: str | None = None
    counted_as: str | None = None

    def earn(self, at: dt.datetime) -> None:
        self.status, self.earned_at = OPEN, at

    def wait(self) -> None:
        """The receivable was opened again before a closing: the entry is pending again."""
        self.status, self.earned_at = PENDING, None

    def cancel(self) -> None:
        self.status, self.earned_at = CANCELLED, None

    def reversal(self, id: str, at: dt.datetime) -> Entry:
        """An entry below zero, for the next closing, that takes back a closed entry."""
        parts = tuple(part.negative() for part in self.parts)
        below = replace(self, parts=parts, amount=-self.amount, kind=REVERSAL, status=OPEN, earned_at=at)
        return replace(
            below, account=None, counted_as=None, id=id, created_at=at, reverses=self.id, closing_id=None, version=1
        )

    def renewed(self, id: str, at: dt.datetime) -> Entry:
        """A new pending entry for the receivable of a closed entry, which may be settled once more."""
        waiting = replace(self, status=PENDING, earned_at=None, turn=self.turn + 1)
        return replace(waiting, id=id, created_at=at, **_NEW)


@dataclass
class Balance:
    """Of an account in one currency: what waits for its receivable, what is payable, what closings have paid."""

    pending: Decimal = ZERO
    open: Decimal = ZERO
    closed: Decimal = ZERO

    @property
    def earned(self) -> Decimal:
        return self.open + self.closed

    def add(self, pending: Decimal, open: Decimal, closed: Decimal) -> None:
        self.pending, self.open, self.closed = self.pending + pending, self.open + open, self.closed + closed

    def add_entry(self, entry: Entry) -> None:
        """One that is in no running total; a cancelled one is nothing."""
        amounts = {status: entry.amount if entry.status == status else ZERO for status in (PENDING, OPEN, CLOSED)}
        self.add(**amounts)


@dataclass
class Closing:
    """Of one person and currency: all that was payable by the end of `ends_on` (the company's calendar)."""

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


def lines_of(basket: Basket, percent_of: Callable[[str], Decimal]) -> list[Part]:
    """What each item earns, rounded to the cent; of its part of the total, after all discounts."""
    found = []
    for item, net in zip(basket.items, basket.net, strict=True):
        percent = percent_of(item.product)
        amount = cents(net * percent / HUNDRED)
        if amount:
            found.append(Part(item.product, item.description, percent, net, amount))
    return found


def split(lines: Sequence[Part], weights: Sequence[Decimal]) -> list[tuple[Part, ...]]:
    """Each line over the receivables, by what they are worth, without a cent lost; a share of nothing is left out."""
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
