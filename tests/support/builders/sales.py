"""What the end-to-end tests of sales share: companies of their own, opportunities, the day in the company's zone."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.builders import people, users
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

ZONE = ZoneInfo("America/Sao_Paulo")


def today(shift: int = 0) -> str:
    return (dt.datetime.now(ZONE).date() + dt.timedelta(days=shift)).isoformat()


def newcomer(system: System, role: str = "admin", company: str | None = None) -> Client:
    """A user of a company that nobody else uses, or of the one given by its code."""
    word = uuid.uuid4().hex[:10]
    code = company or f"c{word}"
    if company is None:
        system.run("-m", "deploy.operations", "company", "create", "--code", code, "--name", f"Empresa {word}")
    login = f"u{word}@{code}.example"
    system.run(
        "-m", "deploy.operations", "user", "create", "--login", login, "--name", f"Usuária {word}",
        "--company", code, "--role", role,
    )  # fmt: skip
    return Client(system.url, login)


def colleague(client: Client) -> str:
    """Another user of the client's company."""
    return str(users.create(client, "seller")["id"])


def opportunity(client: Client, person_id: str | None = None, **fields: Any) -> dict[str, Any]:
    """On a new person, unless one is given."""
    person_id = person_id or client.register(f"Cliente {people.unique_word()}")["id"]
    body = {"subject": "Forno", **fields}
    made: dict[str, Any] = client.post(f"/v1/persons/{person_id}/opportunities", body)
    return made


def conversation(client: Client, made: dict[str, Any]) -> dict[str, Any]:
    """The opportunity's attendance, once it is open."""
    path = f"/v1/attendances/{made['attendance_id']}"
    wait_for(lambda: client.request("GET", path).ok, what="the conversation is opened")
    opened: dict[str, Any] = client.get(path)
    return opened


def stages(client: Client) -> dict[str, str]:
    """Ids by name."""
    return {stage["name"]: stage["id"] for stage in client.get("/v1/stages")["items"]}


def ids(page: dict[str, Any]) -> list[str]:
    return [item["id"] for item in page["items"]]


def put(client: Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.request("PUT", path, json=body)
    assert answer.ok, answer.text
    found: dict[str, Any] = answer.json()
    return found


def patch(client: Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.request("PATCH", path, json=body)
    assert answer.ok, answer.text
    found: dict[str, Any] = answer.json()
    return found


def delete(client: Client, path: str) -> dict[str, Any]:
    answer = client.request("DELETE", path)
    assert answer.ok, answer.text
    found: dict[str, Any] = answer.json()
    return found
