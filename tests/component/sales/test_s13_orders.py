"""Row S13: orders placed at once, cancelled, deleted; what was received blocks both."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people, sold
from tests.support.builders.sold import place, titles
from tests.support.problems import refused
from tests.support.stack.system import Client


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return ana.register(f"Freguesa {people.unique_word()}")


def test_a_cancelled_order_stays_and_its_open_receivables_are_cancelled(ana: Client, person: dict[str, Any]) -> None:
    order = place(ana, person)
    cancelled = ana.post(f"/v1/orders/{order['id']}/cancel", {"reason": "Desistiu."})
    assert (cancelled["state"], cancelled["cancel_reason"]) == ("cancelled", "Desistiu.")
    assert titles(ana, person) == []
    assert len(titles(ana, person, "cancelled")) == 1
    refused(
        ana.request("POST", f"/v1/orders/{order['id']}/cancel", json={"reason": "De novo."}), 409, "order_cancelled"
    )


def test_an_orders_receivables_are_listed_by_instalment(ana: Client, bruno: Client, person: dict[str, Any]) -> None:
    place(ana, person)
    order = place(ana, person, terms={"count": 3})
    path = f"/v1/orders/{order['id']}/receivables"
    page = ana.get(path, params={"limit": 2, "counted": True})
    rest = ana.get(path, params={"limit": 2, "cursor": page["next_cursor"]})
    assert [one["instalment"] for one in [*page["items"], *rest["items"]]] == [1, 2, 3]
    assert ({one["source_id"] for one in page["items"]}, page["count"]) == ({order["id"]}, 3)
    refused(bruno.request("GET", path), 404, "order_not_found")


def test_a_deleted_order_is_gone_with_its_receivables(ana: Client, person: dict[str, Any]) -> None:
    order = place(ana, person)
    assert ana.request("DELETE", f"/v1/orders/{order['id']}").json() == {"id": order["id"], "deleted": True}
    refused(ana.request("GET", f"/v1/orders/{order['id']}"), 404, "order_not_found")
    assert titles(ana, person) == titles(ana, person, "cancelled") == []


def test_a_quote_whose_order_was_cancelled_may_be_revised(ana: Client, person: dict[str, Any]) -> None:
    opportunity = sold.opportunity(ana, person["id"])
    quote = sold.quote(ana, opportunity["id"])
    approved = ana.request("POST", f"/v1/quotes/{quote['id']}/versions/1/approve").json()
    ana.post(f"/v1/orders/{approved['order_id']}/cancel", {"reason": "Mudou de ideia."})
    revised = ana.post(f"/v1/quotes/{quote['id']}/versions", sold.offer("70.00"))
    assert (revised["state"], revised["order_id"]) == ("in_approval", None)


def test_an_order_in_somebody_elses_conversation_or_of_nobody_is_refused(ana: Client, person: dict[str, Any]) -> None:
    other = ana.register("Outra Freguesa")
    opportunity = sold.opportunity(ana, other["id"])
    path = f"/v1/persons/{person['id']}/orders"
    wrong = {**sold.offer(), "opportunity_id": opportunity["id"]}
    refused(ana.request("POST", path, json=wrong), 422, "conversation_of_another_person")
    refused(ana.request("POST", "/v1/persons/none/orders", json=sold.offer()), 404, "person_not_found")
