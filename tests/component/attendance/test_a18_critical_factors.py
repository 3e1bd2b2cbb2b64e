"""Row A18: what is overdue for more than five days, or nearly due, by person, center and company, with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.builders.asked import TYPES, due, factors, ids
from tests.support.builders.attendance import unique_key
from tests.support.builders.flows import member, opened, user_id
from tests.support.builders.people import unique_word
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System

PATH = "/v1/critical-factors"


@pytest.fixture
def person(ana: Client) -> str:
    return str(ana.register(unique_word())["id"])


def test_what_is_closed_archived_or_in_the_trash_is_none(ana: Client, person: str) -> None:
    for step in ("close", "archive", "trash"):
        one = opened(ana, step, person, due_at=due(days=9))["id"]
        ana.post(f"/v1/attendances/{one}/{step}", None)
    assert factors(ana, person_id=person) == []


def planned(ana: Client, person: str, shift: int, **fields: Any) -> str:
    one = opened(ana, f"contato {shift}", person, **fields)["id"]
    day = (dt.datetime.now(ZoneInfo("America/Sao_Paulo")).date() + dt.timedelta(days=shift)).isoformat()
    ana.post(f"/v1/attendances/{one}/entries", {"text": "Volto a falar.", "next_contact_date": day})
    return str(one)


def test_without_a_due_date_the_next_contact_is_the_critical_date(ana: Client, person: str) -> None:
    late, dated = planned(ana, person, -30), opened(ana, "vencido", person, due_at=due(days=9))["id"]
    planned(ana, person, -30, due_at=due(days=-30))
    planned(ana, person, 30)
    near = planned(ana, person, 1)
    found = factors(ana, person_id=person)
    assert ids(found) == [dated, late, near]
    assert "Contato previsto para" in found[1]["reason"]
    cursor, pages = None, list[str]()
    while cursor or not pages:
        page = ana.get(PATH, params={"person_id": person, "limit": 1, **({"cursor": cursor} if cursor else {})})
        pages += [one["attendance"]["id"] for group in page["items"] for one in group["items"]]
        cursor = page["next_cursor"]
    assert pages == [dated, late, near]
    view = ana.get(f"/v1/persons/{person}/view")
    assert view["critical_factors"] == {"count": 3, "exact": True}


def test_a_users_are_those_that_they_opened_or_are_the_next_for(system: System, ana: Client, person: str) -> None:
    caio = member(system, "attendant")
    one = opened(ana, "dele", person, due_at=due(days=9), next_user_id=user_id(caio))["id"]
    opened(ana, "dela", person, due_at=due(days=9))
    assert ids(factors(caio, user_id="me", person_id=person)) == [one]
    assert ids(factors(ana, user_id=user_id(caio), person_id=person)) == [one]


def test_the_days_are_settings_of_the_company(ana: Client, bruno: Client, person: str) -> None:
    one = opened(ana, "Três dias", person, due_at=due(days=3))["id"]
    settings = "/v1/settings/attendance"
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
