"""Row S20: service orders and service invoices of a person, from sales and from other systems."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people, sold
from tests.support.builders.external import listed, put_invoice, put_order
from tests.support.problems import refused
from tests.support.stack.system import Client


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return ana.register(f"Atendida {people.unique_word()}")


def test_an_approved_quote_opens_it_too(ana: Client, person: dict[str, Any]) -> None:
    opportunity = sold.opportunity(ana, person["id"])
    body = {"items": [sold.item("70.00", kind="service")]}
    quote = ana.post(f"/v1/opportunities/{opportunity['id']}/quotes", body)
    approved = ana.post(f"/v1/quotes/{quote['id']}/versions/1/approve", None)
    assert [one["source_id"] for one in listed(ana, person)] == [approved["order_id"]]


def test_it_is_finished_once_or_cancelled_with_a_reason(ana: Client, person: dict[str, Any]) -> None:
    one, other = (put_order(ana, person, people.unique_word()).json() for _ in range(2))
    done = ana.post(f"/v1/service-orders/{one['id']}/finish", {"done_on": "2026-03-09"})
    assert (done["state"], done["done_on"]) == ("done", "2026-03-09")
    refused(ana.request("POST", f"/v1/service-orders/{one['id']}/finish", json={}), 409, "service_order_not_open")
    cancelled = ana.post(f"/v1/service-orders/{other['id']}/cancel", {"reason": "Desistiu."})
    assert (cancelled["state"], cancelled["state_reason"]) == ("cancelled", "Desistiu.")
    for status, made in (("done", one), ("cancelled", other)):
        assert [found["id"] for found in listed(ana, person, state=status)] == [made["id"]]
    assert listed(ana, person, state="open") == []


def test_a_cancelled_sale_cancels_what_is_not_done_and_a_deleted_one_takes_it_along(
    ana: Client, person: dict[str, Any]
) -> None:
    service = sold.item(kind="service")
    first, second, third = (sold.place(ana, person, items=[service]) for _ in range(3))
    mine = {one["source_id"]: one["id"] for one in listed(ana, person)}
    ana.post(f"/v1/orders/{first['id']}/cancel", {"reason": "Desistiu."})
    assert ana.get(f"/v1/service-orders/{mine[first['id']]}")["state"] == "cancelled"
    ana.delete(f"/v1/orders/{second['id']}")
    refused(ana.request("GET", f"/v1/service-orders/{mine[second['id']]}"), 404, "service_order_not_found")
    ana.post(f"/v1/service-orders/{mine[third['id']]}/finish", {})
    refused(ana.request("DELETE", f"/v1/orders/{third['id']}"), 409, "order_service_done")
    ana.post(f"/v1/orders/{third['id']}/cancel", {"reason": "Devolveu."})
    assert ana.get(f"/v1/service-orders/{mine[third['id']]}")["state"] == "done"


def test_another_system_puts_a_service_order_and_putting_it_again_changes_it(
    ana: Client, person: dict[str, Any]
) -> None:  # fmt: skip
    key = people.unique_word()
    made = put_order(ana, person, key, responsible_name="Rui", scheduled_on="2026-03-07").json()
    assert (made["source"], made["basket"]["total"], made["responsible_name"]) == ("external", "80.00", "Rui")
    changed = put_order(ana, person, key, state="done", done_on="2026-03-08").json()
    assert (changed["id"], changed["number"], changed["state"]) == (made["id"], made["number"], "done")
    assert [one["id"] for one in listed(ana, person)] == [made["id"]]


def test_pages_come_newest_first_and_are_complete(ana: Client, person: dict[str, Any]) -> None:
    for day in ("03", "01", "05", "02", "04"):
        put_order(ana, person, people.unique_word(), opened_on=f"2026-05-{day}")
    rows = ana.every(f"/v1/persons/{person['id']}/service-orders", limit=2)
    seen = [row["opened_on"] for row in rows]
    assert seen == [f"2026-05-0{day}" for day in range(5, 0, -1)]


def test_the_service_tab_of_an_opportunity_is_its_customers(ana: Client, person: dict[str, Any]) -> None:
    """Row S21: the tab asks by the opportunity's person, whatever the service came from; a client is offered it."""
    opportunity = sold.opportunity(ana, person["id"])
    put_order(ana, person, people.unique_word())
    put_invoice(ana, person, people.unique_word())
    customer = ana.get(f"/v1/opportunities/{opportunity['id']}")["person"]["id"]
    assert [len(listed(ana, {"id": customer}, what)) for what in ("service-orders", "service-invoices")] == [1, 1]
    client = ana.register(
        f"Cliente {people.unique_word()}", short_name="C", document=people.cpf(), category_ids=["client"]
    )
    assert "service_orders" in ana.get(f"/v1/persons/{client['id']}/view")["options"]


def test_what_is_wrong_or_anothers_is_refused(ana: Client, person: dict[str, Any]) -> None:
    refused(put_order(ana, {"id": "none"}, "x"), 404, "person_not_found")
    refused(put_order(ana, person, "x", items=[]), 422, "input_invalid")
    refused(put_invoice(ana, person, "x", url="javascript:alert(1)"), 422, "input_invalid")
    refused(put_invoice(ana, person, "x", service_order_id="none"), 404, "service_order_not_found")
    other = put_order(ana, ana.register("Outra Atendida"), people.unique_word()).json()
    answer = put_invoice(ana, person, "x", service_order_id=other["id"])
    refused(answer, 422, "service_order_of_another_person")
