"""Keys of other systems, made by an administrator, and asked with."""

from __future__ import annotations

import datetime as dt
from typing import Any

import requests

from tests.support.builders import people
from tests.support.stack.system import Client, System


def in_days(days: float) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).isoformat()


def create(admin: Client, *permissions: str, **fields: Any) -> dict[str, Any]:
    body = {"name": people.unique_word(), "permissions": [*permissions], "expires_at": in_days(30), **fields}
    found: dict[str, Any] = admin.post("/v1/keys", body)
    return found


def ask(system: System, key: str, method: str = "GET", path: str = "/v1/persons", **options: Any) -> requests.Response:
    headers = {"X-Api-Key": key, **options.pop("headers", {})}
    return requests.request(method, f"{system.url}{path}", headers=headers, timeout=20, **options)
