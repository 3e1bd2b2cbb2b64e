"""What is sold in an attendance is read, made, approved and counted by who sees the attendance, and by nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.chassis.errors import NotFound
from services.chassis.handling.session import Actor
from services.chassis.schemas import ById, load
from services.sales.actions import commands as actions_commands
from services.sales.actions import contract as actions_contract
from services.sales.actions import queries as actions_queries
from services.sales.closing import commands as closing_commands
from services.sales.closing import contract as closing_contract
from services.sales.closing import queries as closing_queries
from services.sales.contracts import commands as agreed
from services.sales.contracts import contract as contracts_contract
from services.sales.contracts import queries as contracts_queries
from services.sales.documents import commands as documents_commands
from services.sales.documents import contract as documents_contract
from services.sales.documents import queries as documents_queries
from services.sales.filing import commands as filing_commands
from services.sales.opportunities import board as opportunities_board
from services.sales.opportunities import commands as opportunities_commands
from services.sales.opportunities import contract as opportunities_contract
from services.sales.opportunities import queries as opportunities_queries
from services.sales.orders import commands as orders_commands
from services.sales.orders import contract as orders_contract
from services.sales.orders import queries as orders_queries
from services.sales.quotes import commands as quotes_commands
from services.sales.quotes import contract as quotes_contract
from services.sales.quotes import queries as quotes_queries
from services.sales.receivables import commands as receivables_commands
from services.sales.receivables import contract as receivables_contract
from services.sales.receivables import queries as receivables_queries
from services.sales.service_orders import commands as service_orders_commands
from services.sales.service_orders import contract as service_orders_contract
from services.sales.service_orders import queries as service_orders_queries
from services.sales.session import INDEXES, SalesSession
from services.sales.visibility import VISIBILITY_RULES
from tests.support.fakes.memory import Memory, Narrowed

ITEM = {"description": "Bolo", "quantity": "1", "unit_price": "100.00"}
ITEMS = [
    {**ITEM, "code": "BOLO"},
    {**ITEM, "code": "MONTAGEM", "kind": "service"},
    {**ITEM, "code": "PLANO", "recurring": True},
]
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
        made["action"] = self.do(actions_commands.add_action, actions_contract.AddAction, text="Ligar", **one)["id"]
        quote = self.do(quotes_commands.make_quote, quotes_contract.MakeQuote, items=ITEMS, **one)
        approved = self.do(quotes_commands.approve_quote, quotes_contract.ApproveQuote, quote_id=quote["id"], number=1)
        offered = self.do(quotes_commands.make_quote, quotes_contract.MakeQuote, items=ITEMS, **one)["id"]
        won = {"opportunity_id": made["won"], "items": ITEMS}
        ended = self.do(closing_commands.close_opportunity_as_won, closing_contract.CloseAsWon, **won)
        own = [row for row in self.memory.documents("receivables") if row["source_id"] == approved["order_id"]]
        done = [row for row in self.memory.documents("service_orders") if row["source_id"] == approved["order_id"]]
        sold = {"quote": offered, "order": approved["order_id"], "contract": ended["contracts"][0]["id"]}
        return {**made, **sold, "receivable": own[0]["_id"], "service_order": done[0]["_id"]}

    def opened(self) -> str:
        body = {"person_id": "p1", "description": "Forno"}
        return str(
            self.do(opportunities_commands.create_opportunity, opportunities_contract.CreateOpportunity, **body)["id"]
        )

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
        return Narrowed(self.memory, actor, VISIBILITY_RULES)


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
        (opportunities_queries.get_opportunity, ById, {"id": ids["opportunity"]}),
        (
            opportunities_commands.change_opportunity,
            opportunities_contract.ChangeOpportunity,
            {**opportunity, "description": "x"},
        ),
        (filing_commands.archive_opportunity, opportunities_contract.OneOpportunity, opportunity),
        (filing_commands.delete_opportunity, opportunities_contract.OneOpportunity, opportunity),
        (actions_commands.add_action, actions_contract.AddAction, {**opportunity, "text": "x"}),
        (actions_queries.list_actions, actions_contract.ListActions, opportunity),
        (
            actions_commands.settle_action,
            actions_contract.SettleAction,
            {"action_id": ids["action"], "situation": "done"},
        ),
        (closing_commands.close_opportunity_as_lost, closing_contract.CloseAsLost, {**opportunity, "reason": "price"}),
        (closing_commands.close_opportunity_as_won, closing_contract.CloseAsWon, opportunity),
        (closing_queries.list_turns, closing_contract.ListTurns, {"opportunity_id": ids["won"]}),
        (quotes_queries.get_quote, ById, {"id": ids["quote"]}),
        (quotes_commands.make_quote, quotes_contract.MakeQuote, {"attendance_id": ids["attendance"], "items": ITEMS}),
        (quotes_commands.make_quote, quotes_contract.MakeQuote, {**opportunity, "items": ITEMS}),
        (quotes_commands.revise_quote, quotes_contract.ReviseQuote, {**quote, "items": ITEMS}),
        (quotes_commands.approve_quote, quotes_contract.ApproveQuote, {**quote, "number": 1}),
        (quotes_commands.reject_quote, quotes_contract.RejectQuote, {**quote, "number": 1, "reason": "Caro."}),
        (documents_queries.get_document_source, documents_contract.GetDocumentSource, {"kind": "quote", **quote}),
        (
            documents_queries.get_document_source,
            documents_contract.GetDocumentSource,
            {"kind": "visit_sheet", **opportunity},
        ),
        (documents_commands.send_document, documents_contract.SendDocument, send),
        (documents_queries.list_sendings, documents_contract.ListSendings, quote),
        (documents_queries.list_sendings, documents_contract.ListSendings, opportunity),
        (orders_queries.get_order, ById, {"id": ids["order"]}),
        (orders_commands.place_order, orders_contract.PlaceOrder, {"person_id": "p1", "items": ITEMS, **opportunity}),
        (
            orders_commands.place_order,
            orders_contract.PlaceOrder,
            {"person_id": "p1", "items": ITEMS, "attendance_id": ids["attendance"]},
        ),
        (orders_commands.cancel_order, orders_contract.CancelOrder, {**order, "reason": "x"}),
        (orders_commands.delete_order, orders_contract.DeleteOrder, order),
        (receivables_queries.get_receivable, ById, {"id": ids["receivable"]}),
        (receivables_commands.settle_receivable, receivables_contract.SettleReceivable, receivable),
        (contracts_queries.get_contract, ById, {"id": ids["contract"]}),
        (agreed.stop_contract, contracts_contract.ChangeContractStatus, {**contract_id, "reason": "x"}),
        (service_orders_queries.get_service_order, ById, {"id": ids["service_order"]}),
        (service_orders_commands.finish_service_order, service_orders_contract.FinishServiceOrder, service),
        (
            service_orders_commands.put_service_invoice,
            service_orders_contract.PutServiceInvoice,
            {**invoice, **service},
        ),
    ]


@pytest.mark.parametrize(("user_id", "scopes"), HIDING)
def test_who_does_not_see_the_attendance_is_told_that_there_is_none(
    shop: Shop, user_id: str, scopes: dict[str, list[str]]
) -> None:
    before = shop.memory.stored()
    user = shop.user(user_id, **scopes)
    answered = [
        use_case.__name__
        for use_case, takes, body in asked(shop.hidden)
        if not shop.missed(use_case, takes, user, body)
    ]
    assert answered == []
    assert shop.memory.stored() == before


LISTS = [
    (quotes_queries.list_quotes, quotes_contract.ListQuotes, {"person_id": "p1"}),
    (orders_queries.list_orders, orders_contract.ListOrders, {"person_id": "p1"}),
    (receivables_queries.list_receivables, receivables_contract.ListReceivables, {"person_id": "p1"}),
    (contracts_queries.list_contracts, contracts_contract.ListContracts, {"person_id": "p1"}),
    (service_orders_queries.list_service_orders, service_orders_contract.ListServiceOrders, {"person_id": "p1"}),
    (actions_queries.list_pending_actions, actions_contract.ListPendingActions, {"undated": True}),
    (
        opportunities_queries.list_opportunities,
        opportunities_contract.ListOpportunities,
        {"person_id": "p1", "state": ["open", "closed"]},
    ),
    (opportunities_queries.search_opportunities, opportunities_contract.SearchOpportunities, {}),
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
    board = shop.do(opportunities_queries.get_pipeline, opportunities_board.GetPipeline, shop.user(user_id, **scopes))
    assert sum(column["count"] for column in board["columns"]) == seen
    assert sum(len(column["items"]) for column in board["columns"]) == seen
