"""Flows, their users and what is filed in them, for end-to-end tests: each test makes its own."""

from __future__ import annotations

import itertools
from typing import Any

from tests.support.builders.people import unique_word
from tests.support.stack.system import Client, System

_numbers = itertools.count(1)


def member(system: System, role: str, company: str = "padaria") -> Client:
    """A new user of a company, signed in."""
    name = unique_word()
    login = f"{name.lower()}.{next(_numbers)}@{company}.example"
    named = ("--login", login, "--name", name, "--company", company, "--role", role)
    system.run("-m", "deploy.operations", "user", "create", *named)
    return Client(system.url, login)


def user_id(client: Client) -> str:
    found: str = client.session["user"]["id"] if "user" in client.session else client.session["user_id"]
    return found


def new_flow(client: Client, **fields: Any) -> dict[str, Any]:
    found: dict[str, Any] = client.post("/v1/flows", {"name": f"Fluxo {unique_word()}", **fields})
    return found


def new_tag(client: Client, flow_id: str, name: str, **fields: Any) -> str:
    return str(client.post(f"/v1/flows/{flow_id}/tags", {"name": name, **fields})["id"])


def opened(client: Client, title: str = "Visita", person_id: str = "", **fields: Any) -> dict[str, Any]:
    """A new attendance; on a person of its own unless one is given."""
    person_id = person_id or client.register(f"Cliente {unique_word()}")["id"]
    found: dict[str, Any] = client.post(f"/v1/persons/{person_id}/attendances", {"subject": title, **fields})
    return found


def listed(client: Client, flow_id: str, **view: Any) -> list[dict[str, Any]]:
    """All rows of the list."""
    return client.every(f"/v1/flows/{flow_id}/attendances", **view)


TITLES = ("Forno novo", "árvore de natal", "Zebra", "Balança", "Amassadeira", "forno usado", "Estufa")


class Board:
    """A flow with seven attendances, of which three are tagged, two closed and one archived."""

    def __init__(self, ana: Client) -> None:
        self.flow: str = new_flow(ana)["id"]
        self.hot = new_tag(ana, self.flow, "Quente")
        self.persons = [ana.register(f"{name} {unique_word()}") for name in ("Ângela", "Bento", "Célia")]
        self.made = [
            opened(
                ana,
                title,
                self.persons[number % 3]["id"],
                flow_id=self.flow,
                tag_ids=[self.hot] if number % 3 == 0 else [],
            )
            for number, title in enumerate(TITLES)
        ]
        ana.post(f"/v1/attendances/{self.made[0]['id']}/entries", {"text": "Voltou a falar."})
        for one in self.made[1:3]:
            ana.post(f"/v1/attendances/{one['id']}/close", None)
        ana.post(f"/v1/attendances/{self.made[6]['id']}/archive", None)


def tag_names(client: Client, flow: dict[str, Any]) -> list[str]:
    return [tag["name"] for tag in client.get(f"/v1/flows/{flow['id']}/tags")["items"]]
