"""Amounts at their ends: refused with a code, or sold, stored, announced and read by everyone; nothing between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance import subscribers as attendance_subscribers
from services.attendance.attendances.model.quotes import SeenQuote, hundredths, in_approval, value_of
from services.chassis.errors import Conflict, Failure, Invalid
from services.chassis.schemas import instance, load
from services.sales.closing.surplus import contract_of_the_sale
from services.sales.commission.model import Entry, Part, commission_parts_of, refuse_unclosable, split
from services.sales.opportunities import contract as opportunities_contract
from services.sales.order_events import OrderPlaced
from services.sales.orders import contract as orders_contract
from services.sales.orders.model import SALE, Order
from services.sales.products.baskets import basket_of
from services.sales.quotes import contract as quotes_contract
from services.sales.quotes.model import IN_APPROVAL, Offer
from services.sales.session import SalesSession
from services.sales.shared.items import Basket, Discount, Item
from services.sales.shared.money import LARGEST
from services.sales.shared.presenting import present_basket
from services.sales.shared.records import document_of, record_of
from services.sales.shared.terms import Terms
from tests.support.fakes.memory import Memory

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
TODAY = NOW.date()
ENDS = (
    "0", "-0", "0.00", "0.0001", "0.004", "0.005", "0.01", "0.1", "1", "99.9999", "100", "100.0001", "1000000", "1E+11",
    "999999999999.99", "999999999999.9999", "1000000000000", "1E+999999", "1E-999999", "0E+7000", "-1", "NaN",
    "Infinity", "0." + "3" * 40, "9" * 40,
)  # fmt: skip
numbers = st.one_of(
    st.sampled_from(ENDS),
    st.decimals(min_value=0, max_value=10**13, places=2).map(str),
    st.decimals(min_value=0, max_value=1_000, places=4).map(str),
)
# each of them is a price or a quantity; most of their products are no amount
far = st.sampled_from(("0.0001", "0.01", "1", "99.9999", "1000000", "1E+11", "999999999999.99"))
near = st.sampled_from(("0", "33.3333", "99.9999", "100"))
large = st.decimals(min_value="0.0001", max_value=10**6, places=4).map(str)
percents = st.decimals(min_value=0, max_value=100, places=2).map(str)


COMPANY = Memory(SalesSession, ())


def offers(numbers: st.SearchStrategy[str], percents: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    amount, percent = st.fixed_dictionaries({"amount": numbers}), st.fixed_dictionaries({"percent": percents})
    discounts = st.one_of(st.none(), amount, percent)
    fixed = {"code": st.just("P1"), "description": st.just("Bolo"), "recurring": st.booleans()}
    item = st.fixed_dictionaries({**fixed, "quantity": numbers, "unit_price": numbers, "discount": discounts})
    terms = st.fixed_dictionaries({"count": st.integers(1, 120)})
    return st.fixed_dictionaries(
        {"items": st.lists(item, min_size=1, max_size=6), "discount": discounts, "terms": terms}
    )  # fmt: skip


def line(quantity: str, price: str, **fields: Any) -> dict[str, Any]:
    return {"code": "P1", "description": "Bolo", "quantity": quantity, "unit_price": price, **fields}


def offered(body: dict[str, Any]) -> Offer:
    data = load(quotes_contract.MakeQuote, {"attendance_id": "a1", **body})
    basket = basket_of(COMPANY.session(), data, "BRL")
    found = Offer(basket, Terms(**(data["terms"] or {})))
    found.refuse_impossible_terms()
    return found


def sold(offer: Offer) -> Order:
    return Order("o1", 1, SALE, "p1", None, None, None, offer.basket, offer.terms, NOW, "Ana")


def told_of(order: Order) -> dict[str, Any]:
    """The event as it is announced: what `publish` lets through."""
    told: dict[str, Any] = instance(OrderPlaced).dump(order.event_data())
    assert instance(OrderPlaced).validate(told) == {}
    return told


@given(st.one_of(offers(numbers, numbers), offers(far, near), offers(large, percents)))
def test_what_is_not_refused_can_be_stored_announced_shown_and_read(body: dict[str, Any]) -> None:
    try:
        order = sold(offered(body))
    except Failure:
        return
    total = order.basket.total
    assert 0 <= total <= LARGEST
    assert all(0 <= item.total <= item.gross <= LARGEST for item in order.basket.items)
    assert record_of(bson.decode(bson.encode(document_of(order))), Order).basket.total == total
    instalments = order.terms.instalments(total, TODAY)
    assert sum(one.amount for one in instalments) == total
    read = load(attendance_subscribers.QuoteSeen, {**_quote_changed(total)})
    assert bson.encode({"amount": hundredths(read["total"])})
    assert "E" not in str(instance(orders_contract.Order).dump({"basket": present_basket(order.basket)}))
    assert Decimal(told_of(order)["total"]) == total
    lines = commission_parts_of(order.basket, lambda product: Decimal(100))
    shares = split(lines, [one.amount for one in instalments])
    assert sum(part.amount for share in shares for part in share) == sum(line.amount for line in lines)


def _quote_changed(total: Decimal) -> dict[str, Any]:
    return {
        "quote_id": "q1", "person_id": "p1", "attendance_id": "a1", "status": IN_APPROVAL,
        "total": str(total), "currency": "BRL",
    }  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        [line("1000000", "999999999999.99")],
        [line("999999999999.99", "1.0000"), line("1", "0.01")],
        [line("1", "9999999999.99")] * 101,
        [line("1", "999999999999.99", discount={"percent": "100"}), line("2", "999999999999.99")],
    ],
    ids=["a line", "two lines", "many lines", "before its discount"],
)
def test_a_total_that_no_reader_could_hold_is_refused_by_its_code(lines: Sequence[dict[str, Any]]) -> None:
    with pytest.raises(Invalid, match="amount_too_large"):
        offered({"items": list(lines)})


def test_the_largest_total_is_sold_and_its_quotes_add_up_in_a_flow() -> None:
    total = offered({"items": [line("1", "999999999999.99")]}).basket.total
    assert total == LARGEST
    quotes = [SeenQuote(str(n), 1, IN_APPROVAL, "BRL", hundredths(total)) for n in range(10_000)]
    assert bson.encode({"value": hundredths(value_of(quotes)[0]), **in_approval(quotes)[1]})


@pytest.mark.parametrize("told", ["1000000000000000000.00", "9" * 30])
def test_a_quote_from_before_the_bound_stops_no_reader(told: str) -> None:
    assert bson.encode(
        {"amount": hundredths(load(attendance_subscribers.QuoteSeen, _quote_changed(Decimal(told)))["total"])}
    )


@pytest.mark.parametrize("quantity", ["0", "0.0000", "-0", "-1", "0.00001"])
def test_nothing_is_sold_no_times(quantity: str) -> None:
    with pytest.raises(Invalid, match="input_invalid"):
        offered({"items": [line(quantity, "1.00")]})


@pytest.mark.parametrize(
    ("expected", "kept"), [("0.125", "0.13"), ("0.135", "0.14"), ("10.005", "10.01"), ("10.0049", "10.00")]
)
def test_what_is_expected_of_an_opportunity_rounds_as_all_money_does(expected: str, kept: str) -> None:
    for schema in (opportunities_contract.ChangeOpportunity, opportunities_contract.CreateOpportunity):
        given = {"opportunity_id": "o1"} if schema is opportunities_contract.ChangeOpportunity else {"person_id": "p1"}
        data = load(schema, {**given, "description": "Forno", "amount": expected})
        assert data["amount"] == Decimal(kept)


@pytest.mark.parametrize("expected", ["1000000000000.00", "999999999999.995", "1E+40", "-0.01"])
def test_what_is_expected_is_bounded_as_what_is_sold(expected: str) -> None:
    with pytest.raises(Invalid, match="input_invalid"):
        load(opportunities_contract.CreateOpportunity, {"person_id": "p1", "description": "Forno", "amount": expected})


def test_sales_that_come_to_more_than_one_amount_make_no_contract_of_it() -> None:
    half = Basket((Item("P1", "Bolo", Decimal(1), LARGEST, recurring=True),))
    with pytest.raises(Invalid, match="amount_too_large"):
        contract_of_the_sale([half, half])


def test_commissions_beyond_one_amount_are_not_closed_together() -> None:
    part = Part("P1", "Bolo", Decimal(100), LARGEST, LARGEST)
    entry = Entry("e1", "p1", "o1", 1, None, 1, (part,), LARGEST, "BRL", NOW)
    refuse_unclosable([entry])
    with pytest.raises(Conflict, match="closing_too_large"):
        refuse_unclosable([entry, entry])


def test_a_percentage_has_no_more_decimals_than_can_be_kept() -> None:
    with pytest.raises(Invalid, match="input_invalid"):
        offered({"items": [line("1", "1.00", discount={"percent": "33." + "3" * 40})]})
    assert Discount.of({"percent": Decimal("33.3333")}).on(Decimal("100.00")) == Decimal("33.33")
