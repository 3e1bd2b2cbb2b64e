"""A supervisor's approval of one command of another user: creating an opportunity of a person."""

from __future__ import annotations

from typing import Any

import requests

from tests.support.builders import users
from tests.support.stack.system import Client

# Any command of a section with supervisors may be approved; the grant is bound to it and to its record.
ACTION = "sales.create_opportunity"
BODY: dict[str, Any] = {"subject": "Forno"}


def approve(client: Client, supervisor: str, password: str = users.LONG, **fields: Any) -> requests.Response:
    body = {"login": supervisor, "password": password, "action": ACTION, "body": BODY, **fields}
    return client.request("POST", "/v1/approvals", json=body)


def create(client: Client, person: str, grant: str, key: str | None = None, **body: Any) -> requests.Response:
    headers = {"X-Supervisor-Grant": grant, **({"Idempotency-Key": key} if key else {})}
    return client.request("POST", f"/v1/persons/{person}/opportunities", json={**BODY, **body}, headers=headers)
