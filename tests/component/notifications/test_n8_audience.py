"""Row N8: before saving, a dry run says who would be told, how and why, and who not and why; nothing is sent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people, users
from tests.support.builders.watching import log_of
from tests.support.problems import field_refused, refused
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    word = people.unique_word()
    return ana.register(f"Cliente {word}", emails=[{"address": f"{word}@cliente.example".lower(), "main": True}])


def audience(who: Client, person: dict[str, Any], **asked: Any) -> dict[str, dict[str, Any]]:
    """By recipient."""
    found = who.get(f"/v1/persons/{person['id']}/audience", params=asked)
    assert found["more"] is False
    return {one["recipient"]: one for one in found["items"]}


def watching(system: InProcessSystem, ana: Client, person: dict[str, Any], role: str, **how: Any) -> str:
    """A user who watches; their address."""
    user = users.create(ana, role)
    users.as_user(system, user).put(f"/v1/persons/{person['id']}/watchers/me", how)
    return str(user["login"])


def test_each_watcher_has_their_mode_and_who_is_not_told_has_the_reason(
    system: InProcessSystem, ana: Client, person: dict[str, Any]
) -> None:
    at_once = watching(system, ana, person, "seller")
    daily = watching(system, ana, person, "seller", mode="daily")
    muted = watching(system, ana, person, "seller", mode="muted")
    ana.put(f"/v1/persons/{person['id']}/watchers/me")
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Caso", "text": "Olá"})
    wait_for(lambda: log_of(ana, person), what="the rights are known")
    found = audience(ana, person, attendance_id=opened["id"])
    assert {one["role"] for one in found.values()} == {"watcher"}
    told = {address: (one["mode"], one["suppressed"], one["reason"]) for address, one in found.items()}
    assert told == {
        at_once: ("at_once", False, None),
        daily: ("daily", False, None),
        muted: ("muted", True, "muted"),
        "ana@padaria.example": ("at_once", True, "own_action"),
    }
    assert all(one["explanation"] for one in found.values() if one["suppressed"])


def test_the_customer_and_the_recipients_are_named_as_asked(ana: Client, person: dict[str, Any]) -> None:
    before = log_of(ana, person)
    assert audience(ana, person) == {}
    main = person["emails"][0]["address"]
    found = audience(ana, person, notify_customer=True, to=["compras@c.example"], watchers=False)
    assert {one["recipient"]: one["role"] for one in found.values()} == {
        main: "customer",
        "compras@c.example": "recipient",
    }
    assert log_of(ana, person) == before


def test_wrong_questions_are_refused(ana: Client, bruno: Client, person: dict[str, Any]) -> None:
    refused(bruno.request("GET", f"/v1/persons/{person['id']}/audience"), 404, "person_not_found")
    refused(ana.request("GET", "/v1/persons/nobody/audience"), 404, "person_not_found")
    unknown = {"attendance_id": "nobody"}
    path = f"/v1/persons/{person['id']}/audience"
    refused(ana.request("GET", path, params=unknown), 404, "attendance_not_found")
    field_refused(ana.request("GET", path, params={"to": "x"}), "to")
