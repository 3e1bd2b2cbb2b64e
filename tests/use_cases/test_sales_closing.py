"""Rows S15, S16: what is surplus, what becomes of it, and what no order of events can break."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.chassis.errors import Conflict, Forbidden, Invalid
from services.chassis.handling.session import Actor
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.schemas import load
from services.sales import subscribers as sales_subscribers
from services.sales.closing import commands as closing_commands
from services.sales.closing import contract as closing_contract
from services.sales.closing import surplus
from services.sales.opportunities import commands as opportunities_commands
from services.sales.opportunities import contract as opportunities_contract
from services.sales.orders import commands as orders_commands
from services.sales.orders import contract as orders_contract
from services.sales.quotes import commands as quotes_commands
from services.sales.quotes import contract as quotes_contract
from services.sales.quotes.model import IN_APPROVAL
from services.sales.session import INDEXES, SalesSession
from services.sales.settings import commands as settings_commands
from services.sales.settings import contract as settings_contract
from services.sales.settings.model import Settings
from services.sales.shared.items import Basket
from services.sales.shared.money import ZERO
from tests.support.builders.sales_records import basket_item, baskets
from tests.support.fakes.memory import Memory


def basket(*items: dict[str, Any], **discount: Any) -> Basket:
    return Basket.of(items, discount or None)


def products(found: Basket | None) -> list[str]:
    return [one.product for one in found.items] if found else []


def test_a_new_product_sold_later_is_surplus_and_more_of_the_first_sale_is_not() -> None:
    first = basket(basket_item(product="PLANO", recurring=True))
    later = basket(basket_item(product=" plano", recurring=True), basket_item(product="EXTRA", recurring=True))
    assert products(surplus.contract_of_the_sale([first, later])) == ["PLANO", " plano"]
    assert products(surplus.contract_of_the_surplus([first, later])) == ["EXTRA"]
    assert surplus.surplus_of([first]) == []


def test_what_its_seller_names_surplus_is_surplus_and_no_part_of_the_first_sale() -> None:
    first = basket(basket_item(product="PLANO"), basket_item(product="EXTRA", surplus=True))
    assert [one.product for one in surplus.surplus_of([first, basket(basket_item(product="EXTRA"))])] == [
        "EXTRA",
        "EXTRA",
    ]
    assert surplus.contract_of_the_sale([first]) is None


@given(st.lists(baskets, min_size=1, max_size=4))
def test_the_contracts_and_what_does_not_recur_are_all_that_was_sold_to_the_cent(sold: list[Basket]) -> None:
    main, extra = surplus.contract_of_the_sale(sold), surplus.contract_of_the_surplus(sold)
    total = sum((one.total for one in sold), ZERO)
    assert _once(sold) + (main.total if main else ZERO) + (extra.total if extra else ZERO) == total
    for found in (main, extra):
        assert found is None or (found.discount.amount >= 0 and found.total == sum(found.net, ZERO))


def test_surplus_needs_the_companys_billing_kind() -> None:
    with pytest.raises(Conflict, match="surplus_billing_missing"):
        Settings().billing_of_surplus()
    assert Settings(surplus_billing_kind="Excedente").billing_of_surplus() == "Excedente"


sold_items = st.lists(
    st.fixed_dictionaries(
        {
            "code": st.sampled_from(["PLANO", "PORTAL", "EXTRA", "TREINO"]),
            "description": st.just("Produto"),
            "quantity": st.decimals("0.1", 9, places=1).map(str),
            "unit_price": st.decimals(0, 500, places=2).map(str),
            "recurring": st.booleans(),
            "surplus": st.sampled_from([False, False, False, True]),
            "discount": st.none() | st.decimals(0, 100, places=2).map(lambda p: {"percent": str(p)}),
        }
    ),
    min_size=1,
    max_size=3,
)
offers = st.fixed_dictionaries(
    {"items": sold_items, "terms": st.integers(1, 5).map(lambda count: {"count": count})},
    optional={"discount": st.decimals(0, 30, places=2).map(lambda p: {"percent": str(p)})},
)
places = st.integers(0, 9)


class Opportunity(RuleBasedStateMachine):
    """One opportunity, and everything that users and its conversation may do to it, by the use cases themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory(SalesSession, INDEXES)
        self.memory.collection("persons").insert({"_id": "p1", "name": "Compradora"})
        made = self.do(
            opportunities_commands.create_opportunity,
            opportunities_contract.CreateOpportunity,
            person_id="p1",
            description="Plano",
        )
        assert made is not None
        self.id, self.attendance = made["id"], made["attendance_id"]

    def do(self, method: Any, takes: Any, supervisor: Actor | None = None, **data: Any) -> Any:
        """What it answers; None when refused."""
        loaded = load(takes, data)
        try:
            return self.memory.run(lambda tx: method.__wrapped__(tx, loaded), supervisor)
        except (Conflict, Invalid, Forbidden):
            return None

    @initialize(kind=st.sampled_from(["", "Excedente", "Excedente"]))
    def set_up(self, kind: str) -> None:
        self.do(settings_commands.change_sales_settings, settings_contract.ChangeSettings, surplus_billing_kind=kind)

    @precondition(lambda self: self.is_open)
    @rule(offer=offers, approve=st.booleans())
    def make_quote(self, offer: dict[str, Any], approve: bool) -> None:
        made = self.do(quotes_commands.make_quote, quotes_contract.MakeQuote, opportunity_id=self.id, **offer)
        if made is not None and approve:
            assert self.do(quotes_commands.approve_quote, quotes_contract.ApproveQuote, quote_id=made["id"], number=1)

    @precondition(lambda self: self.is_open and self.memory.documents("quotes"))
    @rule(offer=offers, which=places)
    def revise_quote(self, offer: dict[str, Any], which: int) -> None:
        self.do(quotes_commands.revise_quote, quotes_contract.ReviseQuote, quote_id=self.one("quotes", which), **offer)

    @precondition(lambda self: self.is_open and self.memory.documents("quotes"))
    @rule(which=places, number=st.integers(0, 1), approve=st.booleans())
    def decide_quote(self, which: int, number: int, approve: bool) -> None:
        """The current version, or the one before."""
        quote_id = self.one("quotes", which)
        last = len(self.memory.collection("quotes").kept[quote_id]["versions"])
        body: dict[str, Any] = {"quote_id": quote_id, "number": max(1, last - number)}
        if approve:
            self.do(quotes_commands.approve_quote, quotes_contract.ApproveQuote, **body)
        else:
            self.do(quotes_commands.reject_quote, quotes_contract.RejectQuote, reason="Caro.", **body)

    @precondition(lambda self: self.is_open)
    @rule(offer=offers, kind=st.sampled_from(["sale", "purchase"]))
    def place_order(self, offer: dict[str, Any], kind: str) -> None:
        body = {"person_id": "p1", "opportunity_id": self.id, "kind": kind, **offer}
        self.do(orders_commands.place_order, orders_contract.PlaceOrder, **body)

    @precondition(lambda self: not self.is_open)
    @rule(offer=offers)
    def nothing_is_sold_in_a_closed_one(self, offer: dict[str, Any]) -> None:
        body = {"person_id": "p1", "opportunity_id": self.id, **offer}
        assert self.do(orders_commands.place_order, orders_contract.PlaceOrder, **body) is None
        assert self.do(quotes_commands.make_quote, quotes_contract.MakeQuote, opportunity_id=self.id, **offer) is None
        for quote in self.memory.documents("quotes"):
            one = {"quote_id": quote["_id"]}
            assert self.do(quotes_commands.revise_quote, quotes_contract.ReviseQuote, **one, **offer) is None
            last = len(quote["versions"])
            assert self.do(quotes_commands.approve_quote, quotes_contract.ApproveQuote, **one, number=last) is None

    @precondition(lambda self: self.memory.documents("orders"))
    @rule(which=places, delete=st.booleans())
    def undo_order(self, which: int, delete: bool) -> None:
        order_id = self.one("orders", which)
        if delete:
            self.do(orders_commands.delete_order, orders_contract.DeleteOrder, order_id=order_id)
        else:
            self.do(orders_commands.cancel_order, orders_contract.CancelOrder, order_id=order_id, reason="Erro.")

    @rule(offer=st.none() | offers)
    def win(self, offer: dict[str, Any] | None) -> None:
        standing = [order for order in self.sales() if order["status"] == "approved"]
        won = self.do(
            closing_commands.close_opportunity_as_won,
            closing_contract.CloseAsWon,
            opportunity_id=self.id,
            **(offer or {}),
        )
        if won is None:
            return
        assert len(won["orders"]) == len(standing) + (offer is not None)
        sold = [_basket(order["basket"]) for order in won["orders"]]
        parts = {one["surplus"]: one["basket"]["total"] for one in won["contracts"]}
        assert _once(sold) + sum(parts.values(), ZERO) == sum((one.total for one in sold), ZERO)
        assert (True in parts) is won["surplus_sold"]
        assert all(one["billing_kind"] for one in won["contracts"] if one["surplus"])

    @precondition(lambda self: len(self.memory.documents("quotes") + self.sales()) > 1)
    @rule(how=st.sampled_from(["lost", "conversation"]))
    def end(self, how: str) -> None:
        if how == "lost":
            self.lose()
        else:
            self.hear_the_end(self.memory.session().now)

    def lose(self) -> None:
        standing = any(order["status"] == "approved" for order in self.sales())
        lost = self.do(
            closing_commands.close_opportunity_as_lost,
            closing_contract.CloseAsLost,
            opportunity_id=self.id,
            reason="price",
        )
        assert lost is None or not standing

    def hear_the_end(self, at: dt.datetime, followed: bool = False) -> None:
        """Of the conversation."""
        event = ReceivedEvent("e", "c1", self.attendance, 9, at, {"attendance_id": self.attendance,
                                                          "followed_opportunity": followed})  # fmt: skip
        hear: Any = sales_subscribers.on_attendance_attendance_closed
        self.memory.run(lambda tx: hear.__wrapped__(tx, event))

    @precondition(lambda self: not self.is_open)
    @rule(approved=st.sampled_from([True, True, False]))
    def reopen(self, approved: bool) -> None:
        boss = Actor("u2", "Gil") if approved else None
        before = self.now()
        reopened = self.do(
            closing_commands.reopen_opportunity,
            closing_contract.ReopenOpportunity,
            boss,
            opportunity_id=self.id,
            reason="Voltou.",
        )
        if reopened is not None:
            assert approved
            assert before.status == "closed"
            assert not before.surplus_sold
            assert self.sales() == []
            assert all(one["status"] == "stopped" for one in self.memory.documents("contracts"))

    @invariant()
    def one_version_at_most_is_approvable_and_none_once_it_ended(self) -> None:
        outcome = self.now().outcome
        for quote in self.memory.documents("quotes"):
            waiting = [version["number"] for version in quote["versions"] if version["status"] == IN_APPROVAL]
            assert waiting in ([], [len(quote["versions"])])
            assert not waiting or outcome is None
            of_it = [order for order in self.memory.documents("orders") if order["quote_id"] == quote["_id"]]
            assert [one["_id"] for one in of_it if one["status"] == "approved"] == [
                order_id for order_id in [quote["order_id"]] if order_id
            ]

    @invariant()
    def orders_and_their_receivables_are_equal_to_the_cent(self) -> None:
        titles = self.memory.documents("receivables")
        owed: dict[str, Decimal] = {}
        for title in titles:
            if title["status"] == "open":
                owed[title["source_id"]] = owed.get(title["source_id"], ZERO) + title["amount"].to_decimal()
        assert {title["source_id"] for title in titles} <= {order["_id"] for order in self.sales()}
        found = self.memory.read(lambda tx: tx.orders.sales_of(self.id))
        assert owed == {one.id: one.basket.total for one in found if one.status == "approved" and one.basket.total}

    @invariant()
    def it_is_closed_in_the_last_stage_and_only_there(self) -> None:
        found = self.now()
        last = self.memory.read(lambda tx: tx.configuration.pipeline().closing.id)
        assert (found.stage_id == last) is (found.status == "closed") is (found.closed_at is not None)
        assert found.status == "closed" or found.outcome is None
        counts = {one["stage_id"]: one.get("count", 0) for one in self.memory.documents("stage_totals")}
        assert sum(counts.values()) == counts[found.stage_id] == 1

    @property
    def is_open(self) -> bool:
        return bool(self.now().status == "open")

    def now(self) -> Any:
        return self.memory.read(lambda tx: tx.opportunities.get(self.id))

    def sales(self) -> list[dict[str, Any]]:
        return [order for order in self.memory.documents("orders") if order["kind"] == "sale"]

    def one(self, collection: str, which: int) -> str:
        found = self.memory.documents(collection)
        return str(found[which % len(found)]["_id"])


def _basket(shown: dict[str, Any]) -> Basket:
    """As it was given."""
    items = [
        {
            **{name: value for name, value in one.items() if name not in ("total", "code")},
            "product": one["code"],
            "discount": _given(one["discount"]),
        }
        for one in shown["items"]
    ]
    return Basket.of(items, _given(shown["discount"]))


def _given(discount: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in discount.items() if value}


def _once(sold: list[Basket]) -> Decimal:
    """What neither recurs nor is surplus."""
    marked = surplus.mark_all_surplus(sold)
    return sum((one.part([not (i.recurring or i.surplus) for i in one.items])[1] for one in marked), ZERO)


TestWhateverHappens = Opportunity.TestCase
TestWhateverHappens.settings = settings(max_examples=settings().max_examples // 4, stateful_step_count=25)


def test_an_end_from_before_the_last_reopening_is_no_news_and_neither_is_our_own_echo() -> None:
    machine = Opportunity()
    machine.set_up("")
    machine.lose()
    early = machine.memory.session().now
    machine.reopen(approved=True)
    machine.hear_the_end(early)
    machine.hear_the_end(early + dt.timedelta(1), followed=True)
    assert machine.now().status == "open"
    machine.hear_the_end(early + dt.timedelta(1))
    assert machine.now().status == "closed"
