"""Row S20: service orders and service invoices of a person, from sales and from other systems."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people, sales, sold
from tests.support.builders.external import listed, put_invoice, put_order
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return ana.register(f"Atendida {people.unique_word()}")


def test_a_sale_of_services_opens_one_service_order_with_their_share_of_the_discount(
    ana: Client, person: dict[str, Any]
) -> None:
    service = sold.item("50.00", code="INSTALACAO", kind="service")
    order = sold.place(ana, person, items=[sold.item("150.00"), service], discount={"percent": "10"})
    [opened] = listed(ana, person, state="open")
    assert (opened["source"], opened["source_id"], opened["state"]) == ("order", order["id"], "open")
    assert ([one["code"] for one in opened["basket"]["items"]], opened["basket"]["total"]) == (
        ["INSTALACAO"],
        "45.00",
    )
    assert opened["opened_on"] == sales.today()
    sold.place(ana, person)
    sold.place(ana, person, items=[service], kind="purchase")
    assert len(listed(ana, person)) == 1


def test_an_invoice_is_shown_with_its_service_order_and_is_cancelled_by_its_system(
    ana: Client, person: dict[str, Any]
) -> None:
    order = put_order(ana, person, people.unique_word()).json()
    key = people.unique_word()
    made = put_invoice(ana, person, key, service_order_id=order["id"], verification_code="AB12").json()
    assert (made["number"], made["amount"], made["state"]) == ("1234", "80.00", "issued")
    assert ana.get(f"/v1/service-orders/{order['id']}")["invoices"] == [made]
    assert ana.get(f"/v1/service-invoices/{made['id']}") == made
    again = put_invoice(ana, person, key, state="cancelled").json()
    assert (again["id"], again["state"]) == (made["id"], "cancelled")
    assert listed(ana, person, "service-invoices", state="issued") == []
    assert [one["id"] for one in listed(ana, person, "service-invoices", state="cancelled")] == [made["id"]]


def test_an_erased_persons_texts_go_and_the_amounts_stay(system: System, ana: Client, person: dict[str, Any]) -> None:
    order = put_order(ana, person, people.unique_word(), responsible_name="Rui").json()
    invoice = put_invoice(ana, person, people.unique_word(), description="Na casa da Rita").json()
    ana.post(f"/v1/persons/{person['id']}/erasure", {"reason": "Pedido", "legal_request": "Protocolo 4"})
    wait_for(lambda: ana.get(f"/v1/persons/{person['id']}/erasure")["state"] == "done", 60, "the erasure")
    kept = ana.get(f"/v1/service-orders/{order['id']}")
    assert (kept["description"], kept["responsible_name"], kept["basket"]["total"]) == ("[eliminado]", "", "80.00")
    assert ana.get(f"/v1/service-invoices/{invoice['id']}")["description"] == ""


def test_what_becomes_of_it_is_announced(system: System, ana: Client, person: dict[str, Any]) -> None:
    service = sold.item("50.00", code="INSTALACAO", kind="service")
    sold.place(ana, person, items=[service])
    (opened,) = ana.get(f"/v1/persons/{person['id']}/service-orders")["items"]
    ana.post(f"/v1/service-orders/{opened['id']}/finish", {})
    outbox = system.mongo("sales").outbox
    wait_for(lambda: outbox.find_one({"aggregate": opened["id"]}) is None, what="both were published")


def test_what_is_done_or_another_companys_is_refused(ana: Client, bruno: Client, person: dict[str, Any]) -> None:
    order = put_order(ana, person, people.unique_word()).json()
    finish = f"/v1/service-orders/{order['id']}/finish"
    refused(bruno.request("POST", finish, json={}), 404, "service_order_not_found")
    ana.post(finish, {})
    refused(ana.request("POST", finish, json={}), 409, "service_order_not_open")
    refused(put_invoice(ana, person, people.unique_word(), service_order_id="none"), 404, "service_order_not_found")
