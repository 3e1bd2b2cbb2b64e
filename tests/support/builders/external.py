"""What other systems put on a person, under ids of their own (rows S17, S18, S20)."""

from __future__ import annotations

from typing import Any

from tests.support.builders import people, sold
from tests.support.stack.system import Client

BODIES: dict[str, dict[str, Any]] = {
    "contracts": {"items": [sold.item("120.00")], "starts_on": "2031-03-05"},
    "receivables": {"due_on": "2031-03-05", "amount": "120.00"},
    "service-orders": {"description": "Forno", "items": [sold.item("120.00")], "opened_on": "2031-03-05"},
    "service-invoices": {"number": "1", "issued_on": "2031-03-05", "amount": "120.00"},
}


def put(client: Client, person: str, kind: str, external_id: str = "1", **fields: Any) -> dict[str, Any]:
    answer = client.request("PUT", f"/v1/persons/{person}/{kind}/{external_id}", json={**BODIES[kind], **fields})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def owned(client: Client, person: str, kind: str) -> set[str]:
    return {one["id"] for one in client.get(f"/v1/persons/{person}/{kind}")["items"]}


def two_persons(client: Client) -> tuple[str, str]:
    made = [client.register(f"Dona {people.unique_word()}")["id"] for _ in range(2)]
    return made[0], made[1]


def put_contract(client: Client, person: dict[str, Any], external_id: str, **fields: Any) -> Any:
    """A contract of 120.00 a month from 2027 on; the answer."""
    body = {"items": [sold.item("120.00", recurring=True)], "starts_on": "2027-01-01", **fields}
    return client.request("PUT", f"/v1/persons/{person['id']}/contracts/{external_id}", json=body)


def put_receivable(client: Client, person: dict[str, Any], external_id: str, **fields: Any) -> Any:
    """A receivable of 80.00 that was due in 2020; the answer."""
    body = {"due_on": "2020-01-10", "amount": "80.00", "description": "Mensalidade", **fields}
    return client.request("PUT", f"/v1/persons/{person['id']}/receivables/{external_id}", json=body)


def put_order(client: Client, person: dict[str, Any], external_id: str, **fields: Any) -> Any:
    """A service order; the answer."""
    body = {"description": "Troca do forno", "items": [sold.item("80.00")], "opened_on": "2026-03-05", **fields}
    return client.request("PUT", f"/v1/persons/{person['id']}/service-orders/{external_id}", json=body)


def put_invoice(client: Client, person: dict[str, Any], external_id: str, **fields: Any) -> Any:
    """A service invoice; the answer."""
    body = {"number": "1234", "issued_on": "2026-03-06", "amount": "80.00", **fields}
    return client.request("PUT", f"/v1/persons/{person['id']}/service-invoices/{external_id}", json=body)


def listed(client: Client, person: dict[str, Any], what: str = "service-orders", **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/v1/persons/{person['id']}/{what}", params=params)["items"]
    return found
