"""Row S18: receivables settled whole or in part, taken back, listed by any of the states."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from bson.decimal128 import Decimal128

from services.chassis.handling.session import Actor
from services.sales.commission import commands as commission
from services.sales.commission import queries as account
from services.sales.orders import commands as orders
from services.sales.receivables import commands, queries
from services.sales.receivables.contract import Receivable
from services.sales.session import INDEXES, SalesSession
from tests.support.fakes.memory import Memory

BILL: dict[str, Any] = {"person_id": "p1", "external_id": "E", "due_date": "2026-11-01", "amount": "100.00"}
ITEM = {"code": "P1", "description": "Bolo", "quantity": "1", "unit_price": "100.00"}


@pytest.fixture
def company() -> Memory:
    memory = Memory(SalesSession, INDEXES)
    for person, category in (("p1", "client"), ("e1", "employee")):
        memory.collection("persons").insert({"_id": person, "name": person, "categories": [category]})
    return memory


def owed(company: Memory, **fields: Any) -> str:
    return str(company.ask(commands.put_receivable, **{**BILL, **fields})["id"])


def shown(answer: Any) -> dict[str, Any]:
    """As it goes over the wire."""
    found: dict[str, Any] = Receivable().dump(answer)
    return found


def pay(company: Memory, receivable: str, **fields: Any) -> dict[str, Any]:
    return shown(company.ask(commands.settle_receivable, receivable_id=receivable, **fields))


def reverse(company: Memory, receivable: str, payment: str) -> dict[str, Any]:
    body = {"receivable_id": receivable, "payment_id": payment, "reason": "Devolvido."}
    return shown(company.ask(commands.reverse_payment, **body))


def told(company: Memory, name: str) -> list[dict[str, Any]]:
    rows = [json.loads(row["envelope"]) for row in company.documents("outbox")]
    return [row["data"] for row in rows if row["name"] == name]


def test_each_payment_says_how_much_when_how_and_by_whom(company: Memory) -> None:
    title = owed(company)
    part = pay(company, title, amount="31.50", interest="1.50", paid_on="2026-11-20", way="pix")
    assert (part["state"], part["paid"], part["outstanding"]) == ("partially_settled", "31.50", "70.00")
    company.actor = replace(company.actor, id="u2", name="Gil")
    whole = pay(company, title, way="boleto")
    assert (whole["state"], whole["paid"], whole["outstanding"]) == ("settled", "101.50", "0.00")
    names = ("amount", "settles", "way", "paid_on")
    assert [(*(one[name] for name in names), one["recorded_by"]["name"]) for one in whole["payments"]] == [
        ("31.50", "30.00", "pix", "2026-11-20", "Ana"),
        ("70.00", "70.00", "boleto", "2026-11-24", "Gil"),
    ]
    assert [one["outstanding"] for one in told(company, "payment_recorded")] == ["70.00", "0.00"]


def test_a_payment_taken_back_keeps_its_record(company: Memory) -> None:
    title = owed(company)
    first = pay(company, title, amount="40.00")["payments"][0]["id"]
    pay(company, title)
    found = reverse(company, title, first)
    assert (found["state"], found["outstanding"], len(found["payments"])) == ("partially_settled", "40.00", 2)
    reversal = found["payments"][0]["reversal"]
    assert (reversal["reason"], reversal["by"], found["payments"][1]["reversal"]) == (
        "Devolvido.", {"id": "u1", "name": "Ana"}, None,
    )  # fmt: skip
    body = {"receivable_id": title, "payment_id": first, "reason": "x"}
    assert company.refusal(commands.reverse_payment, **body) == "payment_reversed"
    assert company.refusal(commands.reverse_payment, **{**body, "payment_id": "none"}) == "payment_not_found"
    assert [one["status"] for one in told(company, "payment_reversed")] == ["partially_settled"]


def test_more_than_is_outstanding_is_refused_and_the_version_seen_is_the_one_settled(company: Memory) -> None:
    title = owed(company)
    seen = pay(company, title, amount="60.00")["version"]
    body: dict[str, Any] = {"receivable_id": title, "amount": "60.00"}
    assert company.refusal(commands.settle_receivable, **body) == "payment_exceeds_outstanding"
    assert company.refusal(commands.settle_receivable, receivable_id=title, version=seen - 1) == "version_changed"
    assert company.refusal(commands.settle_receivable, **{**body, "amount": "0.00"}) == "payment_settles_nothing"
    assert pay(company, title, version=seen)["state"] == "settled"


def test_what_is_partly_paid_is_still_owed_and_not_put_again(company: Memory) -> None:
    title = owed(company)
    pay(company, title, amount="60.00")
    found = company.ask(queries.list_receivables, person_id="p1")["items"]
    assert [(one["id"], one["overdue"]) for one in found] == [(title, True)]
    assert company.refusal(commands.put_receivable, **BILL) == "receivable_not_open"


def test_receivables_are_listed_by_any_of_the_states_together_in_pages(company: Memory) -> None:
    made = [owed(company, external_id=str(day), due_date=f"2026-12-{day:02}") for day in range(1, 8)]
    pay(company, made[1])
    pay(company, made[3], amount="1.00")
    pay(company, made[5])

    def listed(*states: str) -> list[str]:
        found, cursor = list[str](), None
        while True:
            asked = {"person_id": "p1", "status": states, "limit": 2, "cursor": cursor}
            page = company.ask(queries.list_receivables, **asked)
            found, cursor = [*found, *(one["id"] for one in page["items"])], page["next_cursor"]
            if cursor is None:
                return found

    assert listed("settled", "partially_settled") == [made[1], made[3], made[5]]
    assert listed("open", "settled", "partially_settled", "cancelled") == made
    assert listed() == made
    assert listed("cancelled") == []


def test_an_order_of_which_a_part_was_paid_is_neither_cancelled_nor_deleted(company: Memory) -> None:
    order = company.ask(orders.place_order, person_id="p1", items=[ITEM])["id"]
    (row,) = company.documents("receivables")
    paid = pay(company, row["_id"], amount="10.00")["payments"][0]["id"]
    assert company.refusal(orders.cancel_order, order_id=order, reason="x") == "order_settled"
    assert company.refusal(orders.delete_order, order_id=order) == "order_settled"
    reverse(company, row["_id"], paid)
    company.ask(orders.cancel_order, order_id=order, reason="x")


def test_commission_is_payable_when_all_is_settled_and_pending_while_something_is_owed(company: Memory) -> None:
    company.ask(commission.put_commission_rate, kind="person", person_id="e1", percent="10")
    company.ask(orders.place_order, person_id="p1", items=[ITEM], seller_id="e1")
    company.actor = Actor("u2", "Gil", permissions=("sales.supervise",))
    (row,) = company.documents("receivables")

    def payable() -> Decimal:
        found = company.ask(account.list_commission_entries, person_id="e1", status="open")["items"]
        return sum((one.amount for one in found), Decimal(0))

    first = pay(company, row["_id"], amount="99.99")["payments"][0]["id"]
    assert payable() == 0
    pay(company, row["_id"])
    assert payable() == Decimal("10.00")
    reverse(company, row["_id"], first)
    assert payable() == 0
    pay(company, row["_id"])
    assert payable() == Decimal("10.00")


def test_what_an_earlier_version_settled_is_read_as_one_payment_and_may_be_taken_back(company: Memory) -> None:
    title = owed(company)
    row = company.documents("receivables")[0]
    at = row["created_at"]
    old = {
        "status": "settled",
        "paid": Decimal128("102.10"),
        "paid_on": "2026-11-02",
        "settled_by": "Rui",
        "settled_at": at,
    }
    kept = {name: value for name, value in row.items() if name not in ("payments", "reversal_reasons")}
    company.collection("receivables").kept[title] = {**kept, **old}
    found = shown(company.ask(queries.get_receivable, id=title))
    assert (found["paid"], found["outstanding"], found["payments"][0]["interest"]) == ("102.10", "0.00", "2.10")
    assert reverse(company, title, found["payments"][0]["id"])["state"] == "open"


def test_what_the_previous_versions_gateway_asks_for_is_still_done(company: Memory) -> None:
    """As long as both run side by side (docs/upgrades.md)."""
    title = owed(company)
    settled = pay(company, title, paid="102.10", paid_on=None)
    assert (settled["state"], settled["paid"], settled["payments"][0]["interest"]) == ("settled", "102.10", "2.10")
    asked: dict[str, Any] = {"person_id": "p1", "status": "settled"}
    assert [one["id"] for one in company.ask(queries.list_receivables, **asked)["items"]] == [title]
    assert shown(company.ask(commands.unsettle_receivable, receivable_id=title))["state"] == "open"
    assert company.refusal(commands.unsettle_receivable, receivable_id=title) == "receivable_not_settled"
    assert pay(company, title, paid="90.00")["payments"][-1]["discount"] == "10.00"
