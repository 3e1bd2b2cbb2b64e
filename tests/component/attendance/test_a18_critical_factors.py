"""Row A18: what is overdue for more than five days, or nearly due, by person, center and company, with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.builders.asked import TYPES, due, factors, ids
from tests.support.builders.attendance import unique_key
from tests.support.builders.flows import opened
from tests.support.builders.people import unique_word
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client

PATH = "/v1/critical-factors"


@pytest.fixture
def person(ana: Client) -> str:
    return str(ana.register(unique_word())["id"])


def test_what_is_closed_archived_or_in_the_trash_is_none(ana: Client, person: str) -> None:
    for step in ("close", "archive", "trash"):
        one = opened(ana, step, person, due_at=due(days=9))["id"]
        ana.post(f"/v1/attendances/{one}/{step}", None)
    assert factors(ana, person_id=person) == []


def test_the_days_are_settings_of_the_company(ana: Client, bruno: Client, person: str) -> None:
    one = opened(ana, "Três dias", person, due_at=due(days=3))["id"]
    settings = "/v1/attendance-settings"
    ana._ok(ana.request("PATCH", settings, json={"critical_overdue_days": 2, "near_due_days": 0}))
    try:
        assert ids(factors(ana, person_id=person)) == [one]
        assert bruno.get(settings)["critical_overdue_days"] == 5
    finally:
        ana._ok(ana.request("PATCH", settings, json={"critical_overdue_days": 5, "near_due_days": 2}))
    assert factors(ana, person_id=person) == []
    field_refused(ana.request("PATCH", settings, json={"critical_overdue_days": -1}), "critical_overdue_days")


class Listed:
    """Types on the company's lists, taken off again at the end: other tests have none."""

    def __init__(self, ana: Client) -> None:
        self.ana = ana
        self.made: list[dict[str, Any]] = []

    def add(self, kind: str, critical: str, parent: str | None = None) -> str:
        body = {"kind": kind, "name": f"Tipo {unique_word()}", "parent_id": parent}
        one = self.ana.post(TYPES, {"id": unique_key(), "critical": critical, **body})
        self.made.append({"id": one["id"], **body})
        return str(one["id"])

    def take_off(self) -> None:
        for one in self.made:
            body = {**one, "critical": "none"}
            self.ana._ok(self.ana.request("PUT", f"{TYPES}/{body.pop('id')}", json=body))


@pytest.fixture
def lists(ana: Client) -> Iterator[Listed]:
    listed = Listed(ana)
    yield listed
    listed.take_off()


def test_exclusion_beats_inclusion_and_without_inclusion_all_enter(
    ana: Client, bruno: Client, person: str, lists: Listed
) -> None:
    group = lists.add("group", "none")
    out = lists.add("leaf", "exclude", group)
    plain = opened(ana, "Sem tipo", person, due_at=due(days=8))["id"]
    opened(ana, "Fora", person, type_id=out, due_at=due(days=7))
    found = factors(ana, person_id=person)
    assert ids(found) == [plain]
    assert "todos os tipos entram" in found[0]["reason"]

    included = lists.add("group", "include")
    inside = lists.add("leaf", "none", included)
    lists.add("leaf", "exclude", included)
    excluded = lists.made[-1]["id"]
    named = opened(ana, "Dentro", person, type_id=inside, due_at=due(days=6))["id"]
    opened(ana, "Dentro e fora", person, type_id=excluded, due_at=due(days=6))
    found = factors(ana, person_id=person)
    assert ids(found) == [named]
    assert f"tipo incluído pelo grupo {lists.made[2]['name']}" in found[0]["reason"]


def test_only_a_critical_factor_in_a_center_is_forwarded(ana: Client, bruno: Client, person: str) -> None:
    early = opened(ana, "Cedo", person, due_at=due(days=-30))["id"]
    refused(ana.request("POST", f"/v1/attendances/{early}/forward", json={}), 409, "attendance_not_critical")
    late = opened(ana, "Tarde", person, due_at=due(days=30))["id"]
    refused(ana.request("POST", f"/v1/attendances/{late}/forward", json={}), 409, "center_missing")
    refused(bruno.request("POST", f"/v1/attendances/{late}/forward", json={}), 404, "attendance_not_found")
    ana.post(f"/v1/attendances/{late}/close", None)
    refused(ana.request("POST", f"/v1/attendances/{late}/forward", json={}), 409, "attendance_closed")


def test_a_wrong_cursor_is_refused(ana: Client) -> None:
    refused(ana.request("GET", PATH, params={"cursor": "AAAA"}), 422, "cursor_invalid")
