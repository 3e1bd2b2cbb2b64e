"""Closing and reopening opportunities in tests, with a supervisor's approval where it is asked for."""

from __future__ import annotations

from typing import Any

import requests

from tests.support.builders import sold, users
from tests.support.stack.system import Client

Answer = requests.Response


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
    return send(client, f"/v1/opportunities/{opportunity['id']}/close-as-lost", {"reason": "price", **body}, approval)


def reopen(client: Client, opportunity: dict[str, Any], approval: str | None = None, reason: str = "Voltou.") -> Answer:
    return send(client, f"/v1/opportunities/{opportunity['id']}/reopen", {"reason": reason}, approval)


def monthly(product: str = "PLANO", price: str = "50.00", **fields: Any) -> dict[str, Any]:
    """An item that is charged every month."""
    return sold.item(price, product=product, description=product.title(), recurring=True, **fields)
