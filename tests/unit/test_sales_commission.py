"""Row S19: commissions balance to the cent over items, instalments, settlements taken back, closings, cancellations."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Conflict
from services.sales.commission.model import (
    CANCELLED,
    CLOSED,
    EARNING,
    MOST_CLOSED,
    OPEN,
    PENDING,
    REVERSAL,
    Entry,
    Part,
    commission_parts_of,
    may_earn_commission,
    refuse_unclosable,
    split,
    total_of,
)
from services.sales.shared.items import HUNDRED, Basket
from services.sales.shared.money import CENT, ZERO, cents, shared
from services.sales.shared.terms import Terms
from tests.support.builders.sales_records import NOW, TODAY, basket_item, baskets

percents = st.decimals(min_value=0, max_value=100, places=4)
weights = st.lists(st.decimals(min_value=0, max_value=10**6, places=2), min_size=1, max_size=30)


def entry(amount: str = "10.00", **fields: Any) -> Entry:
    part = Part("P1", "Bolo", Decimal(5), Decimal("200.00"), Decimal(amount))
    given = {"id": "e1", "person_id": "p", "order_id": "o", "order_number": 1, "receivable_id": "r", "instalment": 1}
    return Entry(**{**given, "parts": (part,), "amount": part.amount, "currency": "BRL", "created_at": NOW, **fields})


@given(st.decimals(min_value=0, max_value=10**7, places=2), weights)
def test_what_is_shared_adds_up_and_no_part_is_a_cent_off(total: Decimal, parts: list[Decimal]) -> None:
    found = shared(total, parts)
    assert sum(found, ZERO) == total
    if whole := sum(parts, ZERO):
        assert all(abs(part - total * weight / whole) < CENT for part, weight in zip(found, parts, strict=True))
        assert all(part == 0 for part, weight in zip(found, parts, strict=True) if not weight)


def test_the_cents_left_over_go_to_the_largest_remainders() -> None:
    thirds = [Decimal(1), Decimal(1), Decimal(1)]
    assert shared(Decimal("0.05"), thirds) == [Decimal("0.02"), Decimal("0.02"), Decimal("0.01")]
    assert shared(Decimal("0.10"), [Decimal(0), *thirds]) == [ZERO, Decimal("0.04"), Decimal("0.03"), Decimal("0.03")]
    assert shared(Decimal("1.00"), [Decimal(1), Decimal(5)]) == [Decimal("0.17"), Decimal("0.83")]


@given(baskets, percents, st.integers(1, 24))
def test_an_orders_commission_is_the_sum_of_its_receivables_shares_item_by_item(
    basket: Basket, percent: Decimal, count: int
) -> None:
    lines = commission_parts_of(basket, lambda product: percent)
    assert all(line.amount == cents(line.base * percent / HUNDRED) > 0 for line in lines)
    if basket.total < CENT * count:
        return
    instalments = [one.amount for one in Terms(count).instalments(basket.total, TODAY)]
    shares = split(lines, instalments)
    assert len(shares) == len(instalments)
    assert sum((total_of(parts) for parts in shares), ZERO) == total_of(lines)
    assert all(part.amount > 0 for parts in shares for part in parts)
    by_item: Counter[tuple[str, Decimal]] = Counter()
    for parts in shares:
        for part in parts:
            by_item[part.product, part.percent] += part.amount  # type: ignore[assignment]
    assert sum(by_item.values()) == total_of(lines)


def test_a_products_rate_beats_the_sellers_and_nothing_earns_nothing() -> None:
    basket = Basket.of(
        [basket_item("100.00"), {**basket_item("50.00"), "product": "P2"}, {**basket_item("70.00"), "product": "P3"}],
        None,
    )
    rates = {"P1": Decimal(10), "P3": Decimal(0)}
    lines = commission_parts_of(basket, lambda product: rates.get(product, Decimal("2.5")))
    assert [(line.product, line.amount) for line in lines] == [("P1", Decimal("10.00")), ("P2", Decimal("1.25"))]


def test_the_base_is_what_the_item_is_sold_for_after_all_discounts() -> None:
    basket = Basket.of([basket_item("100.00"), basket_item("100.00")], {"amount": Decimal("20.00")})
    assert [line.base for line in commission_parts_of(basket, lambda _: Decimal(10))] == [
        Decimal("90.00"),
        Decimal("90.00"),
    ]


class Account:
    """What the use cases do to one receivable's entries, without a database."""

    def __init__(self, first: Entry) -> None:
        self.entries, self.settled, self.cancelled = [first], False, False
        self._ids = itertools.count(2)
        self.closed: list[tuple[Decimal, list[str]]] = []

    @property
    def current(self) -> Entry:
        return max((one for one in self.entries if one.kind == EARNING), key=lambda one: one.turn)

    def closed_as(self) -> list[tuple[str, Decimal, str | None]]:
        return [(one.id, one.amount, one.closing_id) for one in self.entries if one.status == CLOSED]

    def _id(self) -> str:
        return f"e{next(self._ids)}"

    def do(self, step: str) -> None:
        if step == "settle" and not self.settled and not self.cancelled:
            self.settled = True
            if self.current.status == PENDING:
                self.current.earn(NOW)
        if step == "unsettle" and self.settled:
            self.settled = False
            if self.current.status == OPEN:
                self.current.wait()
            elif self.current.status == CLOSED:
                self.entries += [self.current.reversal(self._id(), NOW), self.current.renewed(self._id(), NOW)]
        if step == "close":
            taken = [one for one in self.entries if one.status == OPEN]
            for one in taken:
                one.status, one.closing_id = CLOSED, f"c{len(self.closed)}"
            self.closed.append((total_of(taken), [one.id for one in taken]))
        if step == "cancel" and not self.settled and not self.cancelled:
            self.cancelled = True
            if self.current.status in (PENDING, OPEN):
                self.current.cancel()


@given(st.lists(st.sampled_from(["settle", "unsettle", "close", "cancel"]), max_size=25))
def test_whatever_happens_what_is_payable_or_closed_is_what_the_settled_receivable_earns(steps: list[str]) -> None:
    account = Account(entry())
    for step in steps:
        closed_before = account.closed_as()
        account.do(step)
        assert set(closed_before) <= set(account.closed_as())
        due = total_of(one for one in account.entries if one.status in (OPEN, CLOSED))
        assert due == (Decimal("10.00") if account.settled else ZERO)
        waiting = [one for one in account.entries if one.status == PENDING]
        assert len(waiting) == (0 if account.settled or account.cancelled else 1)
        assert sum(total for total, _ in account.closed) == total_of(o for o in account.entries if o.status == CLOSED)
    closed_once = [entry_id for _, taken in account.closed for entry_id in taken]
    assert len(closed_once) == len(set(closed_once))


def test_a_reversal_mirrors_the_closed_entry_and_says_which_one() -> None:
    closed = entry(status=CLOSED, closing_id="c1", earned_at=NOW)
    later = NOW + dt.timedelta(days=3)
    back = closed.reversal("e2", later)
    assert (back.kind, back.status, back.amount, back.reverses, back.closing_id) == (
        REVERSAL, OPEN, Decimal("-10.00"), "e1", None,
    )  # fmt: skip
    assert (back.parts[0].amount, back.parts[0].base, back.earned_at) == (Decimal("-10.00"), Decimal("-200.00"), later)
    again = closed.renewed("e3", later)
    assert (again.kind, again.status, again.amount, again.turn, again.earned_at) == (
        EARNING, PENDING, Decimal("10.00"), 2, None,
    )  # fmt: skip
    assert (closed.status, closed.amount, closed.closing_id, closed.version) == (CLOSED, Decimal("10.00"), "c1", 1)


def test_a_cancelled_entry_is_not_payable() -> None:
    one = entry()
    one.earn(NOW)
    one.cancel()
    assert (one.status, one.earned_at) == (CANCELLED, None)


def test_who_may_have_an_account() -> None:
    assert may_earn_commission(["client", "representative"])
    assert may_earn_commission(["employee"])
    assert may_earn_commission(None)
    assert not may_earn_commission(["client"])
    assert not may_earn_commission([])


def test_nothing_and_too_much_is_not_closed() -> None:
    with pytest.raises(Conflict, match="commission_nothing_open"):
        refuse_unclosable([])
    with pytest.raises(Conflict, match="closing_too_large"):
        refuse_unclosable([entry()] * (MOST_CLOSED + 1))
    refuse_unclosable([entry()])
