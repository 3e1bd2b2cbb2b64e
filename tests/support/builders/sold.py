"""What is sold in tests."""

from __future__ import annotations

from typing import Any

from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client


def item(price: str = "100.00", **fields: Any) -> dict[str, Any]:
    return {"code": "BOLO-3", "description": "Bolo de três andares", "quantity": "1", "unit_price": price, **fields}


def offer(price: str = "100.00", **fields: Any) -> dict[str, Any]:
    return {"items": [item(price)], **fields}


def opportunity(client: Client, person_id: str, description: str = "Bolo de casamento") -> dict[str, Any]:
    """With its conversation opened."""
    made: dict[str, Any] = client.post(f"/v1/persons/{person_id}/opportunities", {"subject": description})
    wait_for(lambda: client.request("GET", f"/v1/attendances/{made['attendance_id']}").ok, what="the conversation")
    return made


def quote(client: Client, opportunity_id: str, price: str = "100.00", **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = client.post(f"/v1/opportunities/{opportunity_id}/quotes", offer(price, **fields))
    return made


def approve(client: Client, quote: dict[str, Any], number: int = 1) -> Any:
    return client.request("POST", f"/v1/quotes/{quote['id']}/versions/{number}/approve")


def place(client: Client, person: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An order, without a quote."""
    made: dict[str, Any] = client.post(f"/v1/persons/{person['id']}/orders", {**offer(), **fields})
    return made


def titles(client: Client, person: dict[str, Any], status: str = "open") -> list[dict[str, Any]]:
    path = f"/v1/persons/{person['id']}/receivables"
    found: list[dict[str, Any]] = client.get(path, params={"state": status})["items"]
    return found
