"""Sellers with an account of their own, and what it says (row S19)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.support.builders import people, sold, users
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

ACCOUNT = "/v1/commission-account"


class Seller:
    """A user linked to a representative of the own, and known to sales as such."""

    def __init__(self, system: System, admin: Client, percent: str | None = None, **roles: str) -> None:
        person = admin.register(
            f"Vendedora {people.unique_word()}", category_ids=[roles.get("category", "representative")]
        )
        self.person: str = person["id"]
        user = users.create(admin, roles.get("role", "seller"), person_id=self.person)
        self.user: str = user["id"]
        copy = {"_id": {"$regex": self.user}, "person_id": self.person}
        wait_for(lambda: system.mongo("sales")["users"].find_one(copy), what="sales knows the user")
        self.client = users.as_user(system, user)
        if percent is not None:
            rate(admin, percent, person_id=self.person)

    def entries(self, status: str = "open") -> list[dict[str, Any]]:
        return listed(self.client, "entries", state=status)

    def total(self, status: str = "open") -> Decimal:
        return sum((Decimal(entry["amount"]) for entry in self.entries(status)), Decimal(0))


def rate(admin: Client, percent: str, **of: str) -> dict[str, Any]:
    kind = "person" if "person_id" in of else "product"
    found: dict[str, Any] = admin.put("/v1/commission-rates", {"kind": kind, "percent": percent, **of})
    return found


def listed(client: Client, what: str, **params: Any) -> list[dict[str, Any]]:
    """All rows of one list of the commission account."""
    return client.every(f"{ACCOUNT}/{what}", **params)


def close(admin: Client, person_id: str, **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = admin.post(f"{ACCOUNT}/closings", {"person_id": person_id, **fields})
    return made


def sell(client: Client, price: str = "100.00", **fields: Any) -> dict[str, Any]:
    """To a new customer."""
    person = client.register(f"Freguesa {people.unique_word()}")["id"]
    made: dict[str, Any] = client.post(f"/v1/persons/{person}/orders", {**sold.offer(price), **fields})
    return made


def titles(client: Client, order: dict[str, Any], status: str = "open") -> list[dict[str, Any]]:
    path = f"/v1/persons/{order['person_id']}/receivables"
    found: list[dict[str, Any]] = client.get(path, params={"state": status, "limit": 100})["items"]
    return found


def settle(client: Client, title: dict[str, Any]) -> None:
    client.post(f"/v1/receivables/{title['id']}/settle", {})
