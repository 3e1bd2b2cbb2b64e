"""Deleting an opportunity: not while an order of it stands, nor ever the record of who approved its closing (S9)."""

from __future__ import annotations

from typing import Any

import pytest

from services.chassis.errors import Conflict
from services.chassis.handling.session import Actor
from services.chassis.schemas import load
from services.sales.closing import commands as closing_commands
from services.sales.closing import contract as closing_contract
from services.sales.filing import commands as filing_commands
from services.sales.opportunities import commands as opportunities_commands
from services.sales.opportunities import contract as opportunities_contract
from services.sales.orders import commands as orders_commands
from services.sales.orders import contract as orders_contract
from services.sales.quotes import commands as quotes_commands
from services.sales.quotes import contract as quotes_contract
from services.sales.session import INDEXES, SalesSession
from tests.support.fakes.memory import Memory

ITEM = {"code": "P1", "description": "Bolo", "quantity": "1", "unit_price": "10.00"}
SUPERVISOR = Actor("u9", "Rita Supervisora")


class Company:
    def __init__(self) -> None:
        self.memory = Memory(SalesSession, INDEXES)
        self.memory.collection("persons").insert({"_id": "p1", "name": "Compradora"})

    def do(self, method: Any, takes: Any, supervisor: Actor | None = None, **data: Any) -> Any:
        loaded = load(takes, data)
        return self.memory.run(lambda tx: method.__wrapped__(tx, loaded), supervisor)

    def opportunity(self) -> str:
        body: dict[str, Any] = {"person_id": "p1", "description": "Plano"}
        return str(
            self.do(opportunities_commands.create_opportunity, opportunities_contract.CreateOpportunity, **body)["id"]
        )

    def order(self, opportunity_id: str, kind: str) -> str:
        body: dict[str, Any] = {"person_id": "p1", "opportunity_id": opportunity_id, "kind": kind, "items": [ITEM]}
        return str(self.do(orders_commands.place_order, orders_contract.PlaceOrder, **body)["id"])

    def delete(self, opportunity_id: str) -> Any:
        return self.do(
            filing_commands.delete_opportunity, opportunities_contract.OneOpportunity, opportunity_id=opportunity_id
        )

    def delete_many(self, *ids: str) -> list[str | None]:
        report = self.do(filing_commands.delete_opportunities, opportunities_contract.ManyOpportunities, ids=[*ids])
        return [item["code"] for item in report["items"]]


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.mark.parametrize(("kind", "name"), [("sale", "a venda nº 1"), ("purchase", "a compra nº 1")])
def test_it_is_not_deleted_while_an_order_of_it_stands(company: Company, kind: str, name: str) -> None:
    made, other = company.opportunity(), company.opportunity()
    order = company.order(made, kind)
    with pytest.raises(Conflict, match="opportunity_sold") as refusal:
        company.delete(made)
    assert name in refusal.value.detail
    assert company.delete_many(made, other) == ["opportunity_sold", None]
    assert [one["_id"] for one in company.memory.documents("opportunities")] == [made]
    company.do(orders_commands.cancel_order, orders_contract.CancelOrder, order_id=order, reason="Desistiu.")
    assert company.delete(made).id == made
    assert company.memory.documents("opportunities") == []


def test_its_quotes_in_approval_are_rejected_with_it(company: Company) -> None:
    """Else the customer's page goes on offering what nobody can accept."""
    made = company.opportunity()
    body: dict[str, Any] = {"opportunity_id": made, "items": [ITEM]}
    company.do(quotes_commands.make_quote, quotes_contract.MakeQuote, **body)
    company.delete(made)
    [kept] = company.memory.documents("quotes")
    decided = kept["versions"][-1]
    assert (decided["status"], decided["reason"]) == ("rejected", filing_commands.ON_DELETING)


@pytest.mark.parametrize("many", [False, True])
def test_who_approved_its_closing_stays_on_record(company: Company, many: bool) -> None:
    made = company.opportunity()
    lost = {"opportunity_id": made, "reason": "price"}
    company.do(closing_commands.close_opportunity_as_lost, closing_contract.CloseAsLost, SUPERVISOR, **lost)
    if many:
        assert company.delete_many(made) == [None]
    else:
        company.delete(made)
    assert company.memory.documents("opportunities") == []
    [turn] = company.memory.documents("turns")
    assert (turn["opportunity_id"], turn["author_name"], turn["supervisor_name"]) == (made, "Ana", SUPERVISOR.name)
    assert SUPERVISOR.name in turn["text"]
