"""Closing and reopening opportunities in tests, with a supervisor's approval where it is asked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import requests

from tests.support.builders import people, sold, users
from tests.support.builders.sales import newcomer, patch, put, stages
from tests.support.stack.system import Client, System

Answer = requests.Response
ADDITIONAL = "Cobrança de excedente"


def grant(client: Client, supervisor: dict[str, Any], command: str, subject: str, **body: Any) -> str:
    """The supervisor approves one command of sales of this user as it is shown, with their own credentials."""
    action = {"action": f"sales.{command}", "subject": subject, "body": body}
    return str(client.post("/v1/approvals", {"login": supervisor["login"], "password": users.LONG, **action})["grant"])


def send(client: Client, path: str, body: Any, approval: str | None = None, **headers: str) -> Answer:
    given = {**headers, **({"X-Supervisor-Grant": approval} if approval else {})}
    return client.request("POST", path, json=body, headers=given, timeout=60)


def win(client: Client, opportunity: dict[str, Any], approval: str | None = None, **body: Any) -> Answer:
    return send(client, f"/v1/opportunities/{opportunity['id']}/close-as-won", body, approval)


def lose(client: Client, opportunity: dict[str, Any], approval: str | None = None, **body: Any) -> Answer:
    return send(
        client, f"/v1/opportunities/{opportunity['id']}/close-as-lost", {"lost_reason_id": "price", **body}, approval
    )


def reopen(client: Client, opportunity: dict[str, Any], approval: str | None = None, reason: str = "Voltou.") -> Answer:
    return send(client, f"/v1/opportunities/{opportunity['id']}/reopen", {"reason": reason}, approval)


def monthly(product: str = "PLANO", price: str = "50.00", **fields: Any) -> dict[str, Any]:
    """An item that is charged every month."""
    return sold.item(price, code=product, description=product.title(), recurring=True, **fields)


def charging_surplus(system: System) -> Client:
    """The administrator of a company that says how it charges surplus."""
    client = newcomer(system)
    patch(client, "/v1/settings/sales", {"surplus_billing_kind": ADDITIONAL})
    return client


def negotiated(client: Client) -> dict[str, Any]:
    """An opportunity in negotiation, with its conversation."""
    made = sold.opportunity(client, client.register("Freguesa")["id"])
    put(client, f"/v1/opportunities/{made['id']}/stage", {"stage_id": stages(client)["Negociação"]})
    return made


def reopening(client: Client, manager: dict[str, Any], sale: dict[str, Any], reason: str = "Voltou.") -> str:
    """Approved by the manager."""
    return grant(client, manager, "reopen_opportunity", sale["id"], reason=reason)


def made(client: Client) -> dict[str, Any]:
    """An opportunity of a new customer."""
    return sold.opportunity(client, client.register(f"Compradora {people.unique_word()}")["id"])


def approved(client: Client, opportunity: dict[str, Any], *items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A quote, and its order."""
    body = {"items": [*items] or [sold.item()], **fields}
    quote = client.post(f"/v1/opportunities/{opportunity['id']}/quotes", body)
    found: dict[str, Any] = client.post(f"/v1/quotes/{quote['id']}/versions/1/approve", None)
    return found


def orders(client: Client, opportunity: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/v1/persons/{opportunity['person']['id']}/orders")["items"]
    return found


def contracts(client: Client, opportunity: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/v1/persons/{opportunity['person']['id']}/contracts")["items"]
    return found


def receivables(client: Client, opportunity: dict[str, Any]) -> Decimal:
    """Their sum."""
    found = client.get(f"/v1/persons/{opportunity['person']['id']}/receivables", params={"limit": 100})["items"]
    return sum((Decimal(one["amount"]) for one in found), Decimal())


def turns(client: Client, opportunity: dict[str, Any]) -> list[dict[str, Any]]:
    """Of its timeline: closed, reopened."""
    found = client.get(f"/v1/opportunities/{opportunity['id']}/timeline")["items"]
    return [item for item in found if item["type"] == "turn"]
