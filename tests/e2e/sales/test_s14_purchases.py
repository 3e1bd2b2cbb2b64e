"""Row S14: purchases on an attendance, in its timeline and among the purchases; they owe us nothing."""

from __future__ import annotations

from tests.support.builders import people
from tests.support.builders import sold as builders_sold
from tests.support.problems import refused
from tests.support.stack.system import Client


def test_a_purchase_stands_in_its_attendance_and_among_the_purchases(ana: Client) -> None:
    person = ana.register(f"Fornecedor {people.unique_word()}")
    attendance = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Farinha"})
    body = {**builders_sold.offer("250.00"), "kind": "purchase", "attendance_id": attendance["id"]}
    bought = ana.post(f"/v1/persons/{person['id']}/orders", body)
    assert (bought["kind"], bought["number"] >= 1) == ("purchase", True)
    for owner in (f"/v1/persons/{person['id']}", f"/v1/attendances/{attendance['id']}"):
        listed = ana.get(f"{owner}/orders", params={"kind": "purchase"})["items"]
        assert [order["id"] for order in listed] == [bought["id"]]
        assert ana.get(f"{owner}/orders")["items"] == []
    assert ana.get(f"/v1/persons/{person['id']}/receivables")["items"] == []
    of_the_company = ana.get("/v1/orders", params={"kind": "purchase", "limit": 1})["items"]
    assert [order["id"] for order in of_the_company] == [bought["id"]]


def test_a_purchase_in_another_persons_attendance_is_refused(ana: Client) -> None:
    person, other = (ana.register(f"Fornecedor {people.unique_word()}")["id"] for _ in range(2))
    attendance = ana.post(f"/v1/persons/{other}/attendances", {"subject": "Farinha"})
    body = {**builders_sold.offer("250.00"), "kind": "purchase"}
    path = f"/v1/persons/{person}/orders"
    wrong = {**body, "attendance_id": attendance["id"]}
    refused(ana.request("POST", path, json=wrong), 422, "conversation_of_another_person")
    refused(ana.request("POST", path, json={**body, "nfe": True}), 409, "nfe_of_purchase")
    assert ana.get(path, params={"kind": "purchase"})["items"] == []
