"""Row S13: orders placed at once, cancelled, deleted; what was received blocks both."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people, sales
from tests.support.builders.sold import place, titles
from tests.support.problems import refused
from tests.support.stack.system import Client


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return ana.register(f"Freguesa {people.unique_word()}")


def test_an_order_is_approved_at_once_with_its_receivables(ana: Client, person: dict[str, Any]) -> None:
    order = place(ana, person, terms={"count": 2, "every_days": 30, "first_due_on": "2027-01-10"})
    assert (order["state"], order["kind"], order["basket"]["total"]) == ("approved", "sale", "100.00")
    assert [(t["amount"], t["due_on"]) for t in titles(ana, person)] == [
        ("50.00", "2027-01-10"), ("50.00", "2027-02-09"),
    ]  # fmt: skip
    assert ana.get(f"/v1/orders/{order['id']}") == order


def test_an_order_with_money_received_is_neither_cancelled_nor_deleted(ana: Client, person: dict[str, Any]) -> None:
    order = place(ana, person)
    ana.post(f"/v1/receivables/{titles(ana, person)[0]['id']}/settle", {})
    problem = refused(
        ana.request("POST", f"/v1/orders/{order['id']}/cancel", json={"reason": "x"}), 409, "order_settled"
    )
    assert problem["params"]["settled"] == 1
    refused(ana.request("DELETE", f"/v1/orders/{order['id']}"), 409, "order_settled")


def test_all_sales_of_the_company_are_listed_by_any_of_the_states_together(ana: Client, person: dict[str, Any]) -> None:
    stands, gone = place(ana, person), place(ana, person)
    ana.post(f"/v1/orders/{gone['id']}/cancel", {"reason": "Desistiu."})

    def first(count: int, **asked: Any) -> list[str]:
        found = ana.get("/v1/orders", params={"from": sales.today(), "limit": count, **asked})["items"]
        return [order["id"] for order in found]

    assert first(2, state=["approved", "cancelled"]) == first(2) == [gone["id"], stands["id"]]
    assert first(1, state="cancelled") == [gone["id"]]
    assert first(1, state="approved") == [stands["id"]]
    assert first(1, **{"from": sales.today(1)}) == []
    refused(ana.request("GET", "/v1/orders", params={"state": "open"}), 422, "input_invalid")
