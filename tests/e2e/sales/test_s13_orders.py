"""Row S13: orders placed at once, cancelled, deleted; what was received blocks both."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people, sold
from tests.support.problems import refused
from tests.support.stack.system import Client


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return ana.register(f"Freguesa {people.unique_word()}")


def place(ana: Client, person: dict[str, Any], **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = ana.post(f"/v1/persons/{person['id']}/orders", {**sold.offer(), **fields})
    return made


def titles(ana: Client, person: dict[str, Any], status: str = "open") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ana.get(f"/v1/persons/{person['id']}/receivables", params={"status": status})["items"]
    return found


def test_an_order_is_approved_at_once_with_its_receivables(ana: Client, person: dict[str, Any]) -> None:
    order = place(ana, person, terms={"count": 2, "every_days": 30, "first_due": "2027-01-10"})
    assert (order["status"], order["kind"], order["basket"]["total"]) == ("approved", "sale", "100.00")
    assert [(t["amount"], t["due_date"]) for t in titles(ana, person)] == [
        ("50.00", "2027-01-10"), ("50.00", "2027-02-09"),
    ]  # fmt: skip
    assert ana.get(f"/v1/orders/{order['id']}") == order


def test_a_cancelled_order_stays_and_its_open_receivables_are_cancelled(ana: Client, person: dict[str, Any]) -> None:
    order = place(ana, person)
    cancelled = ana.post(f"/v1/orders/{order['id']}/cancel", {"reason": "Desistiu."})
    assert (cancelled["status"], cancelled["cancel_reason"]) == ("cancelled", "Desistiu.")
    assert titles(ana, person) == []
    assert len(titles(ana, person, "cancelled")) == 1
    refused(
        ana.request("POST", f"/v1/orders/{order['id']}/cancel", json={"reason": "De novo."}), 409, "order_cancelled"
    )


def test_a_deleted_order_is_gone_with_its_receivables(ana: Client, person: dict[str, Any]) -> None:
    order = place(ana, person)
    assert ana.request("DELETE", f"/v1/orders/{order['id']}").json() == {"id": order["id"], "deleted": True}
    refused(ana.request("GET", f"/v1/orders/{order['id']}"), 404, "order_not_found")
    assert titles(ana, person) == titles(ana, person, "cancelled") == []


def test_an_order_with_money_received_is_neither_cancelled_nor_deleted(ana: Client, person: dict[str, Any]) -> None:
    order = place(ana, person)
    ana.post(f"/v1/receivables/{titles(ana, person)[0]['id']}/settle", {})
    problem = refused(
        ana.request("POST", f"/v1/orders/{order['id']}/cancel", json={"reason": "x"}), 409, "order_settled"
    )
    assert problem["params"]["settled"] == 1
    refused(ana.request("DELETE", f"/v1/orders/{order['id']}"), 409, "order_settled")


def test_a_quote_whose_order_was_cancelled_may_be_revised(ana: Client, person: dict[str, Any]) -> None:
    opportunity = sold.opportunity(ana, person["id"])
    quote = sold.quote(ana, opportunity["id"])
    approved = ana.request("POST", f"/v1/quotes/{quote['id']}/versions/1/approve").json()
    ana.post(f"/v1/orders/{approved['order_id']}/cancel", {"reason": "Mudou de ideia."})
    revised = ana.post(f"/v1/quotes/{quote['id']}/versions", sold.offer("70.00"))
    assert (revised["status"], revised["order_id"]) == ("in_approval", None)


def test_an_order_in_somebody_elses_conversation_or_of_nobody_is_refused(ana: Client, person: dict[str, Any]) -> None:
    other = ana.register("Outra Freguesa")
    opportunity = sold.opportunity(ana, other["id"])
    path = f"/v1/persons/{person['id']}/orders"
    wrong = {**sold.offer(), "opportunity_id": opportunity["id"]}
    refused(ana.request("POST", path, json=wrong), 422, "conversation_of_another_person")
    refused(ana.request("POST", "/v1/persons/none/orders", json=sold.offer()), 404, "person_not_found")
