"""Quotes, orders and receivables: amounts balance to the cent, and one version at most can be approved."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Conflict, Invalid
from services.sales.orders.model import Order
from services.sales.quotes.model import APPROVED, IN_APPROVAL
from services.sales.service_orders.model import ServiceOrder, services_of
from services.sales.shared.items import Basket, Discount, Item
from services.sales.shared.money import ZERO, cents, shared
from services.sales.shared.terms import Terms, months_later
from tests.support.builders.sales_records import (
    NOW,
    TODAY,
    amounts,
    basket_item,
    baskets,
    offer,
    percents,
    quote,
)


@given(baskets)
def test_totals_and_shares_balance_to_the_cent(basket: Basket) -> None:
    assert basket.total == cents(basket.total)
    assert ZERO <= basket.total <= basket.subtotal == sum(one.total for one in basket.items)
    assert sum(basket.net, ZERO) == basket.total
    recurring = [one.recurring for one in basket.items]
    some, rest = basket.part(recurring)[1], basket.part([not one for one in recurring])[1]
    assert some + rest == basket.total


@given(amounts, st.integers(1, 120), st.one_of(st.none(), st.integers(1, 90)), st.dates(dt.date(2020, 1, 1)))
def test_instalments_add_up_differ_by_a_cent_at_most_and_follow_each_other(
    total: Decimal, count: int, every_days: int | None, first: dt.date
) -> None:
    if first.year > 9900:
        return
    terms = Terms(count, first, every_days)
    if ZERO < total < count * Decimal("0.01"):
        with pytest.raises(Invalid):
            terms.instalments(total, TODAY)
        return
    made = terms.instalments(total, TODAY)
    assert sum((one.amount for one in made), ZERO) == total
    if made:
        assert max(one.amount for one in made) - min(one.amount for one in made) <= Decimal("0.01")
        assert made[0].due_date == first
        assert all(one.due_date < two.due_date for one, two in itertools.pairwise(made))


@given(amounts, st.lists(amounts, min_size=1, max_size=20))
def test_a_total_is_shared_without_a_cent_lost(total: Decimal, weights: list[Decimal]) -> None:
    parts = shared(total, weights)
    assert sum(parts, ZERO) == total
    assert len(parts) == len(weights)
    assert all(part >= 0 for part in parts)


@given(amounts, st.lists(amounts, min_size=1, max_size=20))
def test_no_part_of_what_is_left_of_a_whole_is_more_than_it_was(taken: Decimal, weights: list[Decimal]) -> None:
    """A line's share of a discount is never less than nothing, not even of a gift beside it."""
    whole = sum(weights, ZERO)
    parts = shared(whole - min(taken, whole), weights)
    assert all(part <= weight for part, weight in zip(parts, weights, strict=True))


@given(st.lists(st.tuples(st.sampled_from(["offer", "approve", "reject"]), st.integers(1, 6), st.integers(1, 5))))
def test_any_sequence_leaves_one_approvable_version_at_most(steps: list[tuple[str, int, int]]) -> None:
    made = quote()
    for step, number, price in steps:
        try:
            if step == "offer":
                made.offer(offer(f"{price}.00"), "u1", "Ana", NOW)
            elif step == "approve":
                made.approve(number, f"o{number}", "u1", NOW, TODAY)
            else:
                made.reject(number, "caro", "u1", NOW)
        except Conflict:
            pass
        open_ones = [version for version in made.versions if version.status == IN_APPROVAL]
        approved = [version for version in made.versions if version.status == APPROVED]
        assert len(open_ones) + len(approved) <= 1
        assert [version.number for version in made.versions] == list(range(1, len(made.versions) + 1))
        assert bool(approved) is (made.order_id is not None)


def test_a_commercial_change_voids_the_earlier_version() -> None:
    made = quote(offer("100.00"), offer("90.00"))
    assert [version.status for version in made.versions] == ["void", "in_approval"]
    with pytest.raises(Conflict, match="quote_version_void"):
        made.approve(1, "o1", "u1", NOW, TODAY)
    with pytest.raises(Conflict, match="quote_version_void"):
        made.version_to_send(1, TODAY)
    made.approve(2, "o1", "u1", NOW, TODAY)
    with pytest.raises(Conflict, match="quote_ordered"):
        made.offer(offer("80.00"), "u1", "Ana", NOW)


def test_the_same_offer_again_makes_no_version_and_a_rejected_one_does() -> None:
    made = quote(offer(), offer())
    assert len(made.versions) == 1
    made.reject(1, "caro", "u1", NOW)
    made.offer(offer(), "u1", "Ana", NOW)
    assert [version.status for version in made.versions] == ["rejected", "in_approval"]


def test_an_expired_quote_is_not_approved_and_the_last_day_counts() -> None:
    with pytest.raises(Conflict, match="quote_expired"):
        quote(offer(valid_until=TODAY - dt.timedelta(1))).approve(1, "o1", "u1", NOW, TODAY)
    assert quote(offer(valid_until=TODAY)).approve(1, "o1", "u1", NOW, TODAY).status == APPROVED


def test_a_discount_is_an_amount_or_a_percentage_and_never_more_than_the_value() -> None:
    assert Item.of(basket_item("10.00", discount={"percent": Decimal("33.333")})).total == Decimal("6.67")
    assert Basket.of([basket_item("10.00")], {"amount": Decimal("10.00")}).total == ZERO
    for bad in ({"amount": Decimal("10.01")}, {"amount": Decimal(1), "percent": Decimal(1)}):
        with pytest.raises(Invalid, match="discount_invalid"):
            Basket.of([basket_item("10.00")], bad)
    assert Discount.of({"amount": None}).on(Decimal(5)) == ZERO


def test_a_month_ends_when_it_ends() -> None:
    days = [months_later(dt.date(2027, 1, 31), n) for n in (0, 1, 2, 13)]
    assert days == [dt.date(2027, 1, 31), dt.date(2027, 2, 28), dt.date(2027, 3, 31), dt.date(2028, 2, 29)]


def test_an_order_with_money_received_is_not_cancelled() -> None:
    order = Order("o1", 1, "sale", "p1", None, None, None, Basket.of([basket_item()], None), Terms(), NOW, "u1")
    with pytest.raises(Conflict, match="order_settled"):
        order.cancel("erro", NOW, settled=1)
    order.cancel("erro", NOW, settled=0)
    with pytest.raises(Conflict, match="order_cancelled"):
        order.cancel("erro", NOW, settled=0)


def test_nothing_was_done_on_a_day_to_come() -> None:
    tomorrow = TODAY + dt.timedelta(days=1)
    work = ServiceOrder("s1", 1, "p1", "order", "o1", "Forno", Basket.of([basket_item()], None), TODAY, NOW)
    with pytest.raises(Invalid, match="date_future"):
        work.finish(tomorrow, TODAY)
    work.finish(TODAY, TODAY)
    assert work.status == "done"


@given(st.lists(st.tuples(amounts, st.booleans()), min_size=1, max_size=8), percents)
def test_a_sales_services_are_their_share_of_its_total(sold: list[tuple[Decimal, bool]], percent: Decimal) -> None:
    items = [
        {"product": "X", "description": "X", "quantity": Decimal(1), "unit_price": price,
         "kind": "service" if service else "goods"}
        for price, service in sold
    ]  # fmt: skip
    basket = Basket.of(items, {"percent": percent})
    order = Order("o", 1, "sale", "p", None, None, None, basket, Terms(), NOW, "Ana")
    expected = sum((net for net, (_, service) in zip(basket.net, sold, strict=True) if service), ZERO)
    found = services_of(order)
    assert (found.total if found else ZERO) == expected
    assert (found is None) == (not any(service for _, service in sold))
