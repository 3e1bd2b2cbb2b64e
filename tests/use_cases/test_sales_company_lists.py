"""Rows S11, S13, S14, S17: all quotes, sales and purchases of the company; contracts of any of the states together."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from services.chassis.handling.session import Actor
from services.sales.contracts import commands as contracts
from services.sales.contracts import queries as contracts_queries
from services.sales.opportunities import commands as opportunities
from services.sales.orders import commands as orders
from services.sales.orders import queries as orders_queries
from services.sales.quotes import commands as quotes
from services.sales.quotes import queries as quotes_queries
from services.sales.session import INDEXES, SalesSession
from services.sales.visibility import VISIBILITY_RULES
from tests.support.fakes.memory import Memory, Narrowed

ITEM = {"code": "P1", "description": "Plano", "quantity": "1", "unit_price": "10.00"}


@pytest.fixture
def company() -> Memory:
    memory = Memory(SalesSession, INDEXES)
    for person, category in (("p1", "client"), ("p2", "supplier")):
        memory.collection("persons").insert({"_id": person, "name": person, "categories": [category]})
    return memory


def placed(company: Memory, person: str = "p1", **fields: Any) -> str:
    return str(company.ask(orders.place_order, person_id=person, items=[ITEM], **fields)["id"])


def offered(company: Memory, person: str = "p1") -> dict[str, Any]:
    made = company.ask(opportunities.create_opportunity, person_id=person, description="Plano")
    quote: dict[str, Any] = company.ask(quotes.make_quote, opportunity_id=made["id"], items=[ITEM])
    return quote


def listed(company: Memory, use_case: Any, **asked: Any) -> list[str]:
    return [one["id"] for one in company.ask(use_case, **asked)["items"]]


def every(company: Memory, use_case: Any, **asked: Any) -> list[str]:
    """Page by page."""
    found, cursor = list[str](), None
    while True:
        page = company.ask(use_case, limit=2, cursor=cursor, **asked)
        found, cursor = [*found, *(one["id"] for one in page["items"])], page["next_cursor"]
        if cursor is None:
            return found


def test_all_sales_and_all_purchases_of_the_company_are_listed_the_newest_first(company: Memory) -> None:
    sales = [placed(company, person) for person in ("p1", "p2", "p1", "p2", "p1")]
    bought = [placed(company, "p2", kind="purchase") for _ in range(2)]
    assert every(company, orders_queries.search_orders) == sales[::-1]
    assert every(company, orders_queries.search_orders, kind="purchase") == bought[::-1]


def test_sales_are_listed_by_their_states_and_days(company: Memory) -> None:
    first, second = placed(company), placed(company)
    company.ask(orders.cancel_order, order_id=second, reason="Erro.")
    asked: Any = orders_queries.search_orders
    assert listed(company, asked, status=["approved"]) == [first]
    assert listed(company, asked, status=["cancelled"]) == [second]
    assert listed(company, asked, status=["cancelled", "approved"]) == [second, first]
    at = dt.datetime(2026, 11, 20, 2, 59, tzinfo=dt.UTC)  # the 19th, where the company is
    company.collection("orders").update_many({"_id": first}, {"$set": {"ordered_at": at}})
    assert listed(company, asked, ordered_to="2026-11-19") == [first]
    assert listed(company, asked, ordered_from="2026-11-20") == [second]
    assert listed(company, asked, ordered_from="2026-11-19", ordered_to="2026-11-24") == [second, first]
    backwards = {"ordered_from": "2026-11-20", "ordered_to": "2026-11-19"}
    assert company.refusal(asked, **backwards) == "input_invalid"
    assert company.refusal(asked, status=["open"]) == "input_invalid"


def test_all_quotes_of_the_company_are_listed_by_the_state_of_their_current_version(company: Memory) -> None:
    revised, rejected, waiting = (offered(company, person)["id"] for person in ("p1", "p2", "p1"))
    dearer = [{**ITEM, "unit_price": "12.00"}]
    for number in (1, 2):
        company.ask(quotes.reject_quote, quote_id=rejected, number=number, reason="Caro.")
        if number == 1:
            company.ask(quotes.revise_quote, quote_id=rejected, items=dearer)
    company.ask(quotes.revise_quote, quote_id=revised, items=dearer)
    company.ask(quotes.approve_quote, quote_id=revised, number=2)
    asked: Any = quotes_queries.search_quotes
    assert every(company, asked) == [waiting, rejected, revised]
    assert listed(company, asked, status=["approved"]) == [revised]
    assert listed(company, asked, status=["in_approval"]) == [waiting]
    assert every(company, asked, status=["approved", "rejected"]) == [rejected, revised]
    assert listed(company, asked, created_to="2026-11-23") == []


def test_a_revised_quote_is_not_listed_by_the_state_of_a_version_before(company: Memory) -> None:
    quote = offered(company)["id"]
    company.ask(quotes.reject_quote, quote_id=quote, number=1, reason="Caro.")
    assert listed(company, quotes_queries.search_quotes, status=["rejected"]) == [quote]
    company.ask(quotes.revise_quote, quote_id=quote, items=[{**ITEM, "unit_price": "9.00"}])
    assert listed(company, quotes_queries.search_quotes, status=["rejected"]) == []
    assert listed(company, quotes_queries.search_quotes, status=["in_approval", "rejected"]) == [quote]


def test_lists_of_the_company_show_only_what_the_user_sees(company: Memory) -> None:
    mine, _ = placed(company), placed(company, "p2")
    narrowed = Narrowed(company, Actor("u2", "Gil", scopes={"category": ("client",)}), VISIBILITY_RULES)
    look: Any = orders_queries.search_orders
    asked: dict[str, Any] = {
        "kind": "sale",
        "status": [],
        "ordered_from": None,
        "ordered_to": None,
        "limit": 20,
        "cursor": None,
    }
    assert [one["id"] for one in narrowed.run(lambda tx: look.__wrapped__(tx, asked))["items"]] == [mine]


KINDS, BILLINGS, STATUSES = ("fixed", "variable"), ("billed", "donated"), ("active", "suspended", "stopped")


def test_contracts_are_listed_by_any_of_the_states_together(company: Memory) -> None:
    made: dict[str, tuple[str, str, str]] = {}
    for number, traits in enumerate(itertools.product(KINDS, BILLINGS, STATUSES)):
        kind, billing, status = traits
        body = {"person_id": "p1", "external_id": str(number), "items": [ITEM], "starts_on": "2027-01-01"}
        contract = company.ask(contracts.put_contract, **body, kind=kind, billing=billing)["id"]
        made[contract] = traits
        if status != "active":
            change = contracts.suspend_contract if status == "suspended" else contracts.stop_contract
            company.ask(change, contract_id=contract, reason="x")
    asked: dict[str, Any]
    for kinds, billings, statuses in itertools.product(*map(subsets, (KINDS, BILLINGS, STATUSES))):
        wanted = [
            contract for contract, (kind, billing, status) in made.items()
            if kind in (kinds or KINDS) and billing in (billings or BILLINGS) and status in (statuses or STATUSES)
        ]  # fmt: skip
        asked = {"person_id": "p1", "kind": kinds, "billing": billings, "status": statuses}
        assert every(company, contracts_queries.list_contracts, **asked) == wanted[::-1], asked


def subsets(words: tuple[str, ...]) -> list[list[str]]:
    return [list(some) for count in range(len(words) + 1) for some in itertools.combinations(words, count)]
