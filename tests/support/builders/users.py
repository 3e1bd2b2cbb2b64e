"""Users that no other test has, and how they sign in."""

from __future__ import annotations

from typing import Any

import requests

from tests.support.builders.people import unique_word
from tests.support.stack.system import Client, System

LONG = "janela azul sobre o trapiche"


def login() -> str:
    return f"{unique_word()}.{unique_word()}@padaria.example".lower()


def create(admin: Client, *roles: str, **fields: Any) -> dict[str, Any]:
    """A user of the admin's company, with the password LONG."""
    body = {"login": login(), "name": unique_word(), "password": LONG, "role_ids": [*roles], **fields}
    found: dict[str, Any] = admin.post("/v1/users", body)
    return found


def as_user(system: System, user: dict[str, Any], password: str = LONG) -> Client:
    return Client(system.url, user["login"], password)


def sign_in(system: System, address: str | None = None, **body: Any) -> requests.Response:
    headers = {"X-Forwarded-For": address} if address else {}
    return requests.post(f"{system.url}/v1/session", json=body, headers=headers, timeout=30)


def refresh(system: System, token: str) -> requests.Response:
    return requests.post(f"{system.url}/v1/session/refresh", json={"refresh_token": token}, timeout=30)


def keeper_role(admin: Client, *permissions: str) -> str:
    """A role that administers, and else holds only these permissions."""
    body = {"name": unique_word(), "permissions": ["people.administer", *permissions]}
    return str(admin.post("/v1/roles", body)["id"])


def narrowed(system: System, admin: Client, **scopes: list[str]) -> Client:
    """A user who may see and change persons and sales, where the scopes allow it."""
    own = ["people.read", "people.write", "people.export", "attendance.read", "sales.read", "sales.write"]
    role = admin.post("/v1/roles", {"name": unique_word(), "permissions": own, "scopes": scopes})
    return as_user(system, create(admin, role["id"]))
