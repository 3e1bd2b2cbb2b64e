"""Row S14: purchases on an attendance, in its timeline and among the purchases; they owe us nothing."""

from __future__ import annotations

from tests.support.builders import people, users
from tests.support.builders import sold as builders_sold
from tests.support.problems import refused
from tests.support.stack.system import Client, System


def test_a_purchase_stands_in_the_timeline_of_its_attendance(system: System, ana: Client, bruno: Client) -> None:
    person = ana.register(f"Fornecedor {people.unique_word()}")
    attendance = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Farinha", "text": "Preço combinado."})
    path = f"/v1/attendances/{attendance['id']}/timeline"
    body = {**builders_sold.offer("250.00"), "attendance_id": attendance["id"]}
    orders = f"/v1/persons/{person['id']}/orders"
    bought = ana.post(orders, {**body, "kind": "purchase"})
    sold = ana.post(orders, body)
    found = ana.get(path)
    assert [(item["type"], item["kind"]) for item in found["items"]] == [
        ("order", "sale"), ("order", "purchase"), ("entry", "note"),
    ]  # fmt: skip
    assert [item["id"] for item in found["items"][:2]] == [sold["id"], bought["id"]]
    assert found["items"][1]["text"] == f"Compra nº {bought['number']}"
    assert (found["unavailable"], found["withheld"], found["next_cursor"]) == ([], [], None)
    pages = [ana.get(path, params={"limit": 1})]
    while pages[-1]["next_cursor"]:
        pages.append(ana.get(path, params={"limit": 1, "cursor": pages[-1]["next_cursor"]}))
    assert [item["id"] for page in pages for item in page["items"]] == [item["id"] for item in found["items"]]
    refused(bruno.request("GET", path), 404, "attendance_not_found")
    attendant = users.as_user(system, users.create(ana, "attendant"))
    narrowed = attendant.get(path)
    assert narrowed["withheld"] == ["quotes", "orders", "purchases"]
    assert [item["type"] for item in narrowed["items"]] == ["entry"]
