"""Row A16: attendances open or closed, by person, user, center, type (or group) and period, combined as asked."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.builders.attendance import set_up, unique_key
from tests.support.builders.flows import member, new_flow, opened, user_id
from tests.support.builders.people import unique_word
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System

PATH = "/v1/attendances"
TODAY = dt.datetime.now(ZoneInfo("America/Sao_Paulo")).date()


class Office:
    """Two persons, two users, a leaf with a workflow and one without."""

    def __init__(self, system: System, ana: Client) -> None:
        self.caio = member(system, "attendant")
        self.made = set_up(ana)
        self.other = ana.post("/v1/attendance-types", {"id": unique_key(), "kind": "leaf", "name": "Outro"})["id"]
        self.rita, self.saulo = (ana.register(unique_word())["id"] for _ in range(2))
        self.one = opened(ana, "um", self.rita, type_id=self.made.leaf)["id"]
        self.two = opened(self.caio, "dois", self.rita, type_id=self.other)["id"]
        self.three = opened(ana, "três", self.saulo, next_user_id=user_id(self.caio))["id"]
        self.closed = opened(self.caio, "quatro", self.saulo, type_id=self.other)["id"]
        ana.post(f"{PATH}/{self.closed}/close", None)


@pytest.fixture(scope="module")
def office(system: System, ana: Client) -> Office:
    return Office(system, ana)


def found(client: Client, **asked: Any) -> list[str]:
    """Ids, page after page."""
    ids: list[str] = []
    cursor: str | None = None
    while True:
        page = client.get(PATH, params={**asked, "limit": 1, **({"cursor": cursor} if cursor else {})})
        ids += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return ids


def test_by_each_of_person_user_center_and_type(ana: Client, office: Office) -> None:
    assert found(ana, person_id=office.rita) == [office.two, office.one]
    assert found(ana, person_id=office.saulo) == [office.three]
    assert found(ana, user_id=user_id(office.caio)) == [office.three, office.two]
    assert found(ana, type_id=office.other) == [office.two]
    assert found(ana, type_id=office.made.leaf) == [office.one]
    assert found(ana, center_id=office.made.triage) == [office.one]


def test_open_and_closed_are_asked_for_apart(ana: Client, office: Office) -> None:
    assert found(ana, person_id=office.saulo, status="closed") == [office.closed]
    assert office.closed in found(ana, status="closed")
    ana.post(f"{PATH}/{office.closed}/archive", None)
    assert found(ana, person_id=office.saulo, status="closed") == []
    assert found(ana, person_id=office.saulo, status="closed", filed="archived") == [office.closed]
    ana.post(f"{PATH}/{office.closed}/unarchive", None)


def test_a_group_stands_for_all_types_under_it(ana: Client, office: Office) -> None:
    group = ana.post("/v1/attendance-types", {"id": unique_key(), "kind": "group", "name": "Grupo"})["id"]
    leaves = [
        ana.post("/v1/attendance-types", {"id": unique_key(), "kind": "leaf", "name": "F", "parent_id": group})["id"]
        for _ in range(2)
    ]
    made = [opened(ana, f"Do grupo {number}", office.rita, type_id=leaves[number % 2])["id"] for number in range(4)]
    assert found(ana, type_id=group) == made[::-1]
    assert found(ana, type_id=group, person_id=office.saulo) == []
    for one in made:
        ana.post(f"{PATH}/{one}/trash", None)
    assert found(ana, type_id=group) == []


def test_filters_and_the_period_combine(ana: Client, office: Office) -> None:
    both = {"person_id": office.rita, "user_id": user_id(office.caio)}
    assert found(ana, **both) == [office.two]
    assert found(ana, **both, type_id=office.made.leaf) == []
    days = {"opened_from": TODAY.isoformat(), "opened_to": TODAY.isoformat()}
    assert found(ana, **both, **days) == [office.two]
    assert found(ana, person_id=office.rita, opened_from=(TODAY + dt.timedelta(days=1)).isoformat()) == []
    assert found(ana, person_id=office.rita, opened_to=(TODAY - dt.timedelta(days=1)).isoformat()) == []


def test_wrong_questions_are_refused(ana: Client) -> None:
    field_refused(ana.request("GET", PATH, params={"status": "lost"}), "status")
    wrong = {"opened_from": "2026-02-02", "opened_to": "2026-02-01"}
    field_refused(ana.request("GET", PATH, params=wrong), "opened_to")
    refused(ana.request("GET", PATH, params={"type_id": "sumido"}), 404, "type_not_found")
    refused(ana.request("GET", PATH, params={"cursor": "AAAA"}), 422, "cursor_invalid")


def test_another_company_and_an_unseen_flow_are_left_out(ana: Client, bruno: Client, office: Office) -> None:
    assert bruno.get(PATH, params={"person_id": office.rita})["items"] == []
    hidden = opened(ana, "Escondido", office.rita, flow_id=new_flow(ana)["id"])["id"]
    assert hidden in found(ana, person_id=office.rita)
    assert hidden not in found(office.caio, person_id=office.rita)


def test_the_trash_is_in_no_list_of_the_person_and_in_no_page(ana: Client) -> None:
    person = ana.register(unique_word())["id"]
    kept, closed, thrown = (opened(ana, title, person)["id"] for title in ("fica", "encerra", "joga fora"))
    ana.post(f"{PATH}/{closed}/close", None)
    ana.post(f"{PATH}/{thrown}/trash", None)
    for asked, shown in (({}, [kept]), ({"include_closed": "true"}, [closed, kept])):
        listed = ana.get(f"/v1/persons/{person}/attendances", params=asked)["items"]
        page = ana.get(f"/v1/persons/{person}/view", params=asked)["attendances"]
        assert [[one["id"] for one in items] for items in (listed, page)] == [shown, shown]
    refused(ana.request("POST", f"{PATH}/reports", json={"ids": [kept, thrown]}), 409, "attendance_trashed")
    refused(ana.request("GET", f"{PATH}/{thrown}/print"), 409, "attendance_trashed")
    assert found(ana, person_id=person, filed="trashed") == [thrown]
