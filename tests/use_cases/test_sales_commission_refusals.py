"""Row S19: whose account is looked at, what is closed, and who has a rate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.chassis.handling.session import Actor
from services.sales.commission import commands, queries
from services.sales.commission.presenting import CLOSES
from services.sales.orders import commands as orders
from services.sales.receivables import commands as receivables
from services.sales.session import INDEXES, SalesSession
from tests.support.fakes.memory import Memory

ITEM = {"code": "P1", "description": "Bolo", "quantity": "1", "unit_price": "10.00"}
SELLER = Actor("u1", "Ana", person="e1")
MANAGER = Actor("u2", "Gil", permissions=(CLOSES,))


@pytest.fixture
def company() -> Memory:
    """An employee with a rate of a tenth, another one, and a customer."""
    memory = Memory(SalesSession, INDEXES, MANAGER)
    for person, category in (("e1", "employee"), ("e2", "employee"), ("p1", "client")):
        memory.collection("persons").insert({"_id": person, "name": "Rita", "categories": [category]})
    memory.ask(commands.put_commission_rate, kind="person", person_id="e1", percent="10")
    return memory


def sold(company: Memory) -> None:
    """By the first one, and paid."""
    company.ask(orders.place_order, person_id="p1", items=[ITEM], seller_id="e1")
    (owed,) = company.documents("receivables")
    company.ask(receivables.settle_receivable, receivable_id=owed["_id"])


def test_only_employees_and_representatives_have_a_rate(company: Memory) -> None:
    rate = {"kind": "person", "percent": "5"}
    assert company.refusal(commands.put_commission_rate, **rate, person_id="p1") == "seller_not_entitled"
    assert company.refusal(commands.put_commission_rate, **rate, person_id="p9") == "person_not_found"
    again = company.ask(commands.put_commission_rate, **rate, person_id="e1")
    assert str(again["percent"]) == "5"
    company.ask(commands.delete_commission_rate, rate_id=again["id"])
    assert company.refusal(commands.delete_commission_rate, rate_id=again["id"]) == "commission_rate_not_found"


def test_entries_are_counted_where_that_is_asked(company: Memory) -> None:
    for _ in range(2):
        company.ask(orders.place_order, person_id="p1", items=[ITEM], seller_id="e1")
    asked = {"person_id": "e1", "status": "pending", "limit": 1}
    page = company.ask(queries.list_commission_entries, **asked, counted=True)
    assert (len(page["items"]), page["count"], page["exact"]) == (1, 2, True)
    assert "count" not in company.ask(queries.list_commission_entries, **asked)


def test_an_account_is_its_persons_and_of_who_closes_it(company: Memory) -> None:
    sold(company)
    (entry,) = company.ask(queries.list_commission_entries, person_id="e1")["items"]
    assert company.ask(queries.get_commission_entry, id=entry.id).person_id == "e1"
    assert company.refusal(queries.list_commission_entries) == "person_not_linked"
    assert company.refusal(queries.get_commission_entry, id="x") == "commission_entry_not_found"
    company.actor = SELLER
    assert [one.id for one in company.ask(queries.list_commission_entries)["items"]] == [entry.id]
    company.actor = replace(SELLER, person="e2")
    assert company.ask(queries.list_commission_entries)["items"] == []
    assert company.refusal(queries.list_commission_entries, person_id="e1") == "commission_of_another"
    assert company.refusal(queries.get_commission_entry, id=entry.id) == "commission_entry_not_found"
    company.actor = replace(SELLER, person="p1")
    assert company.refusal(queries.list_commission_entries) == "commission_not_entitled"


def test_an_account_is_closed_up_to_today_and_with_something_in_it(company: Memory) -> None:
    assert company.refusal(commands.close_commission, person_id="e1") == "commission_nothing_open"
    sold(company)
    future = {"person_id": "e1", "ends_on": "2026-11-25"}
    assert company.refusal(commands.close_commission, **future) == "closing_date_future"
    closed = company.ask(commands.close_commission, person_id="e1")
    assert (str(closed["total"]), closed["entries"]) == ("1.00", 1)
    assert company.refusal(commands.close_commission, person_id="e1") == "commission_nothing_open"
    company.actor = replace(SELLER, person="e2")
    assert company.refusal(queries.get_commission_closing, id=closed["id"]) == "commission_closing_not_found"
    assert company.refusal(queries.list_closed_entries, closing_id=closed["id"]) == "commission_closing_not_found"
    company.actor = SELLER
    assert len(company.ask(queries.list_closed_entries, closing_id=closed["id"])["items"]) == 1


def test_the_items_of_an_account_come_in_pages_that_may_end_within_an_entry(company: Memory) -> None:
    for sale in (["A", "B", "C"], ["D", "E"]):
        items = [{**ITEM, "code": product} for product in sale]
        company.ask(orders.place_order, person_id="p1", items=items, seller_id="e1")
    asked = {"person_id": "e1", "status": "pending"}
    shown, cursor = list[str](), None
    for size in (2, 2, 1):
        found = company.ask(queries.list_commission_items, **asked, limit=2, cursor=cursor)
        assert len(found["items"]) == size
        shown, cursor = [*shown, *(one["product"] for one in found["items"])], found["next_cursor"]
    assert cursor is None
    assert sorted(shown) == ["A", "B", "C", "D", "E"]
    assert shown == [one["product"] for one in company.ask(queries.list_commission_items, **asked)["items"]]
