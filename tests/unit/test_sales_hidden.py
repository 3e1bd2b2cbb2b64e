"""What is sold in an attendance is read, made, approved and counted by who sees the attendance, and by nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.chassis.errors import NotFound
from services.chassis.schemas import ById, load
from services.chassis.session import Actor
from services.sales import contract
from services.sales.store import INDEXES, SEEABLES, SalesSession
from services.sales.use_cases import (
    actions,
    closing,
    documents,
    filing,
    lists,
    opportunities,
    orders,
    quotes,
    receivables,
    service_orders,
)
from services.sales.use_cases import contracts as agreed
from tests.support.memory import Memory, Narrowed
from tests.unit.test_sales_commerce import item

ITEMS = [item(product="BOLO"), item(product="MONTAGEM", kind="service"), item(product="PLANO", recurring=True)]
PAGE = {"limit": 20, "cursor": None}


class Shop:
    """Of the same person: what was sold in an attendance of flow f1 (or of type t1), and in one that hides nothing."""

    def __init__(self) -> None:
        self.memory = Memory(SalesSession, INDEXES)
        self.memory.collection("persons").insert({"_id": "p1", "name": "Rita", "sequence": 1, "categories": ["client"]})
        self.memory.collection("flows").insert({"_id": "f1", "sequence": 1, "users": ["u1"]})
        self.hidden, self.free = self.sold("f1", "t1"), self.sold(None, None)

    def sold(self, flow_id: str | None, type_id: str | None) -> dict[str, str]:
        """One record of each kind, by kind."""
        made = {"opportunity": self.opened(), "won": self.opened()}
        for name in ("opportunity", "won"):
            told = {"person_id": "p1", "type_id": type_id, "flow_id": flow_id, "conversation": True, "sequence": 1}
            attendance = self.memory.collection("opportunities").kept[made[name]]["attendance_id"]
            self.memory.collection("attendances").insert({"_id": attendance, **told})
            made["attendance"] = attendance if name == "opportunity" else made["attendance"]
        one = {"opportunity_id": made["opportunity"]}
        made["action"] = self.do(actions.add_action, contract.AddAction, text="Ligar", **one)["id"]
        quote = self.do(quotes.make_quote, contract.MakeQuote, items=ITEMS, **one)
        approved = self.do(quotes.approve_quote, contract.ApproveQuote, quote_id=quote["id"], number=1)
        offered = self.do(quotes.make_quote, contract.MakeQuote, items=ITEMS, **one)["id"]
        won = {"opportunity_id": made["won"], "items": ITEMS}
        ended = self.do(closing.close_opportunity_as_won, contract.CloseAsWon, **won)
        own = [row for row in self.memory.documents("receivables") if row["source_id"] == approved["order_id"]]
        done = [row for row in self.memory.documents("service_orders") if row["source_id"] == approved["order_id"]]
        sold = {"quote": offered, "order": approved["order_id"], "contract": ended["contracts"][0]["id"]}
        return {**made, **sold, "receivable": own[0]["_id"], "service_order": done[0]["_id"]}

    def opened(self) -> str:
        body = {"person_id": "p1", "description": "Forno"}
        return str(self.do(opportunities.create_opportunity, contract.CreateOpportunity, **body)["id"])

    def do(self, use_case: Any, takes: Any, user: Any = None, **body: Any) -> dict[str, Any]:
        data = load(takes, body)
        found = self.memory.run(lambda tx: use_case.__wrapped__(tx, data), user=user)
        return dict(found) if isinstance(found, Mapping) else vars(found)

    def missed(self, use_case: Any, takes: Any, user: Narrowed, body: dict[str, Any]) -> bool:
        try:
            self.do(use_case, takes, user, **body)
        except NotFound:
            return True
        return False

    def user(self, user_id: str, **scopes: list[str]) -> Narrowed:
        actor = Actor(user_id, "Caio", ("attendance.notify_customer",), scopes)  # type: ignore[arg-type]
        return Narrowed(self.memory, actor, SEEABLES)


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop()


HIDING = [("u2", {}), ("u1", {"flow": ["f2"]}), ("u1", {"attendance_type": ["t2"]}), ("u1", {"category": ["employee"]})]


def asked(ids: dict[str, str]) -> list[tuple[Any, Any, dict[str, Any]]]:
    """What reads, makes, changes or approves something of them."""
    opportunity, quote = {"opportunity_id": ids["opportunity"]}, {"quote_id": ids["quote"]}
    order, contract_id = {"order_id": ids["order"]}, {"contract_id": ids["contract"]}
    receivable, service = {"receivable_id": ids["receivable"]}, {"service_order_id": ids["service_order"]}
    invoice = {"person_id": "p1", "external_id": "x", "number": "1", "issued_on": "2026-03-05", "amount": "1"}
    send = {"kind": "quote", "number": 1, "recipients": ["a@b.example"], **quote}
    return [
        (opportunities.get_opportunity, ById, {"id": ids["opportunity"]}),
        (opportunities.change_opportunity, contract.ChangeOpportunity, {**opportunity, "description": "x"}),
        (filing.archive_opportunity, contract.OneOpportunity, opportunity),
        (filing.delete_opportunity, contract.OneOpportunity, opportunity),
        (actions.add_action, contract.AddAction, {**opportunity, "text": "x"}),
        (actions.list_actions, contract.ListActions, opportunity),
        (actions.settle_action, contract.SettleAction, {"action_id": ids["action"], "situation": "done"}),
        (closing.close_opportunity_as_lost, contract.CloseAsLost, {**opportunity, "reason": "price"}),
        (closing.close_opportunity_as_won, contract.CloseAsWon, opportunity),
        (closing.list_turns, contract.ListTurns, {"opportunity_id": ids["won"]}),
        (quotes.get_quote, ById, {"id": ids["quote"]}),
        (quotes.make_quote, contract.MakeQuote, {"attendance_id": ids["attendance"], "items": ITEMS}),
        (quotes.make_quote, contract.MakeQuote, {**opportunity, "items": ITEMS}),
        (quotes.revise_quote, contract.ReviseQuote, {**quote, "items": ITEMS}),
        (quotes.approve_quote, contract.ApproveQuote, {**quote, "number": 1}),
        (quotes.reject_quote, contract.RejectQuote, {**quote, "number": 1, "reason": "Caro."}),
        (documents.get_document_source, contract.GetDocumentSource, {"kind": "quote", **quote}),
        (documents.get_document_source, contract.GetDocumentSource, {"kind": "visit_sheet", **opportunity}),
        (documents.send_document, contract.SendDocument, send),
        (documents.list_sendings, contract.ListSendings, quote),
        (documents.list_sendings, contract.ListSendings, opportunity),
        (orders.get_order, ById, {"id": ids["order"]}),
        (orders.place_order, contract.PlaceOrder, {"person_id": "p1", "items": ITEMS, **opportunity}),
        (orders.place_order, contract.PlaceOrder,
         {"person_id": "p1", "items": ITEMS, "attendance_id": ids["attendance"]}),
        (orders.cancel_order, contract.CancelOrder, {**order, "reason": "x"}),
        (orders.delete_order, contract.DeleteOrder, order),
        (receivables.get_receivable, ById, {"id": ids["receivable"]}),
        (receivables.settle_receivable, contract.SettleReceivable, receivable),
        (agreed.get_contract, ById, {"id": ids["contract"]}),
        (agreed.stop_contract, contract.ChangeContractStatus, {**contract_id, "reason": "x"}),
        (service_orders.get_service_order, ById, {"id": ids["service_order"]}),
        (service_orders.finish_service_order, contract.FinishServiceOrder, service),
        (service_orders.put_service_invoice, contract.PutServiceInvoice, {**invoice, **service}),
    ]  # fmt: skip


@pytest.mark.parametrize(("user_id", "scopes"), HIDING)
def test_who_does_not_see_the_attendance_is_told_that_there_is_none(
    shop: Shop, user_id: str, scopes: dict[str, list[str]]
) -> None:
    before = {name: shop.memory.documents(name) for name in shop.memory.names()}
    user = shop.user(user_id, **scopes)
    answered = [
        use_case.__name__
        for use_case, takes, body in asked(shop.hidden)
        if not shop.missed(use_case, takes, user, body)
    ]
    assert answered == []
    assert {name: shop.memory.documents(name) for name in shop.memory.names()} == before


LISTS = [
    (quotes.list_quotes, contract.ListQuotes, {"person_id": "p1"}),
    (orders.list_orders, contract.ListOrders, {"person_id": "p1"}),
    (receivables.list_receivables, contract.ListReceivables, {"person_id": "p1"}),
    (agreed.list_contracts, contract.ListContracts, {"person_id": "p1"}),
    (service_orders.list_service_orders, contract.ListServiceOrders, {"person_id": "p1"}),
    (actions.list_pending_actions, contract.ListPendingActions, {"undated": True}),
    (lists.list_opportunities, contract.ListOpportunities, {"person_id": "p1", "include_closed": True}),
    (lists.search_opportunities, contract.SearchOpportunities, {}),
]


def ids_of(found: dict[str, Any]) -> set[str]:
    return {one["id"] if isinstance(one, Mapping) else one.id for one in found["items"]}


@pytest.mark.parametrize(("user_id", "scopes"), HIDING)
@pytest.mark.parametrize(("use_case", "takes", "body"), LISTS)
def test_no_list_has_what_belongs_to_it(
    shop: Shop, user_id: str, scopes: dict[str, list[str]], use_case: Any, takes: Any, body: dict[str, Any]
) -> None:
    whole = ids_of(shop.do(use_case, takes, shop.user("u1"), **body))
    left = ids_of(shop.do(use_case, takes, shop.user(user_id, **scopes), **body))
    assert whole & set(shop.hidden.values())
    assert left & set(shop.hidden.values()) == set()
    assert len(left) == (0 if "category" in scopes else len(whole) // 2)


@pytest.mark.parametrize(("user_id", "scopes", "seen"), [("u1", {}, 4), ("u2", {}, 2), ("u1", {"flow": ["f2"]}, 2)])
def test_the_board_counts_what_is_seen(shop: Shop, user_id: str, scopes: dict[str, list[str]], seen: int) -> None:
    board = shop.do(lists.get_pipeline, contract.GetPipeline, shop.user(user_id, **scopes))
    assert sum(column["count"] for column in board["columns"]) == seen
    assert sum(len(column["items"]) for column in board["columns"]) == seen
