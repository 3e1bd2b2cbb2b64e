"""Persons whom the user watches, and the log of what was sent for it."""

from __future__ import annotations

from typing import Any

from tests.support.stack.system import Client


def watched(client: Client, word: str) -> dict[str, Any]:
    person = client.register(f"Registrada {word}")
    client.put(f"/v1/persons/{person['id']}/watchers/me", {"own_actions": True})
    return person


def log_of(client: Client, person: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/v1/deliveries", params={"person_id": person["id"]})["items"]
    return items
