"""Row S11: quotes with versions; only the current one can be approved, and approving makes one order."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.support.builders import people, sold
from tests.support.builders.sold import approve
from tests.support.problems import refused
from tests.support.stack.system import Client

LARGEST = "999999999999.99"


@pytest.fixture
def opportunity(ana: Client) -> dict[str, Any]:
    person = ana.register(f"Compradora {people.unique_word()}")
    return sold.opportunity(ana, person["id"])


def test_a_quote_adds_up_and_is_listed_of_its_person_and_its_conversation(
    ana: Client, opportunity: dict[str, Any]
) -> None:
    body = {
        "items": [
            sold.item("33.33", quantity="3", discount={"percent": "10"}),
            sold.item("10.005", quantity="2.5", recurring=True),
        ],
        "discount": {"amount": "5.00"},
        "terms": {"count": 3, "first_due_on": "2027-01-31"},
        "notes": "Entrega no sábado.",
    }
    made = ana.post(f"/v1/opportunities/{opportunity['id']}/quotes", body)
    basket = made["versions"][0]["basket"]
    assert [item["total"] for item in basket["items"]] == ["89.99", "25.01"]
    assert (basket["subtotal"], basket["total"]) == ("115.00", "110.00")
    assert (made["state"], made["opportunity_id"]) == ("in_approval", opportunity["id"])
    for path in (f"/v1/persons/{opportunity['person']['id']}", f"/v1/attendances/{opportunity['attendance_id']}"):
        assert [quote["id"] for quote in ana.get(f"{path}/quotes")["items"]] == [made["id"]]
    assert ana.get(f"/v1/quotes/{made['id']}") == made


def test_a_quote_may_stand_in_an_attendance_without_an_opportunity(ana: Client) -> None:
    person = ana.register("Conceição Atendida")
    attendance = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Orçamento"})
    made = ana.post(f"/v1/attendances/{attendance['id']}/quotes", sold.offer())
    assert (made["person_id"], made["opportunity_id"]) == (person["id"], None)


def test_a_rejected_quote_is_not_approved_and_may_be_revised(ana: Client, opportunity: dict[str, Any]) -> None:
    quote = sold.quote(ana, opportunity["id"])
    rejected = ana.post(f"/v1/quotes/{quote['id']}/versions/1/reject", {"reason": "Achou caro."})
    assert (rejected["state"], rejected["versions"][0]["reason"]) == ("rejected", "Achou caro.")
    refused(approve(ana, quote), 409, "quote_not_in_approval")
    revised = ana.post(f"/v1/quotes/{quote['id']}/versions", sold.offer("80.00"))
    assert [version["state"] for version in revised["versions"]] == ["rejected", "in_approval"]


def test_an_expired_quote_is_not_approved(ana: Client, opportunity: dict[str, Any]) -> None:
    yesterday = (dt.datetime.now(dt.UTC) - dt.timedelta(days=2)).date().isoformat()
    quote = sold.quote(ana, opportunity["id"], valid_until=yesterday)
    refused(approve(ana, quote), 409, "quote_expired")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"items": []}, "input_invalid"),
        (sold.offer("1.00", discount={"amount": "1.01"}), "discount_invalid"),
        (sold.offer("1.00", discount={"amount": "0.50", "percent": "10"}), "discount_invalid"),
        (sold.offer("10.123456"), "input_invalid"),
        (sold.offer("-1.00"), "input_invalid"),
        (sold.offer("NaN"), "input_invalid"),
        (sold.offer("0.02", terms={"count": 3}), "instalment_too_small"),
        (sold.offer(currency="XYZ"), "input_invalid"),
    ],
)
def test_what_is_no_offer_is_refused(ana: Client, opportunity: dict[str, Any], body: dict[str, Any], code: str) -> None:
    refused(ana.request("POST", f"/v1/opportunities/{opportunity['id']}/quotes", json=body), 422, code)


def test_a_quote_of_nothing_known_is_refused(ana: Client) -> None:
    refused(ana.request("POST", "/v1/opportunities/none/quotes", json=sold.offer()), 404, "opportunity_not_found")
    refused(ana.request("POST", "/v1/attendances/none/quotes", json=sold.offer()), 404, "attendance_not_found")
    refused(ana.request("GET", "/v1/quotes/none"), 404, "quote_not_found")


def test_nothing_is_sold_in_an_opportunity_that_is_closed_or_archived(ana: Client, opportunity: dict[str, Any]) -> None:
    path, made = f"/v1/opportunities/{opportunity['id']}", sold.offer()
    conversation = f"/v1/attendances/{opportunity['attendance_id']}"
    order = {**made, "opportunity_id": opportunity["id"]}
    assert ana.request("POST", f"{conversation}/quotes", json=made).ok
    ana.post(f"{path}/archive", None)
    for where, body in ((path, made), (conversation, made)):
        refused(ana.request("POST", f"{where}/quotes", json=body), 409, "opportunity_archived")
    ana.post(f"{path}/unarchive", None)
    ana.post(f"{conversation}/close", None)
    assert ana.get(path)["state"] == "closed"
    refused(ana.request("POST", f"{path}/quotes", json=made), 409, "opportunity_closed")
    orders = f"/v1/persons/{opportunity['person']['id']}/orders"
    refused(ana.request("POST", orders, json=order), 409, "opportunity_closed")


def test_an_amount_that_no_reader_could_hold_is_refused_and_the_largest_one_is_read_by_all(ana: Client) -> None:
    person = ana.register(f"Compradora {people.unique_word()}")
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Grande", "text": "x"})
    path = f"/v1/attendances/{opened['id']}/quotes"
    huge = {"items": [sold.item("999999999999.99", quantity="1000000")]}
    refused(ana.request("POST", path, json=huge), 422, "amount_too_large")
    refused(ana.request("POST", path, json={"items": [sold.item(quantity="0")]}), 422, "input_invalid")
    assert ana.post(path, {"items": [sold.item("999999999999.99")]})["versions"][0]["basket"]["total"] == LARGEST
    assert ana.get(f"/v1/attendances/{opened['id']}")["value"] == LARGEST
