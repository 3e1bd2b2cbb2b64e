"""Row A16: attendances open or closed, by person, user, center, type (or group) and period, combined as asked."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.builders.asked import PATH, Office, due, factors, found
from tests.support.builders.attendance import put, unique_key
from tests.support.builders.flows import new_flow, opened, user_id
from tests.support.builders.people import unique_word
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System

TODAY = dt.datetime.now(ZoneInfo("America/Sao_Paulo")).date()


@pytest.fixture(scope="module")
def office(system: System, ana: Client) -> Office:
    return Office(system, ana)


def test_lists_of_the_company_name_the_person_beside_whoever_was_spoken_with(ana: Client) -> None:
    flow = new_flow(ana)["id"]
    name = f"Padaria {unique_word()}"
    person = ana.post("/v1/persons", {"name": name, "contacts": [{"name": "Dona Marta"}]})
    made = opened(ana, "Forno", person["id"], contact="Dona Marta", due_at=due(days=30), flow_id=flow)
    named = {"id": person["id"], "name": name}
    (group,) = ana.get("/v1/critical-factors", params={"person_id": person["id"]})["items"]
    rows = [
        *ana.get(PATH, params={"person_id": person["id"]})["items"],
        *ana.get(f"/v1/flows/{flow}/attendances")["items"],
        *(factor["attendance"] for factor in group["items"]),
    ]
    assert [(row["id"], row["contact_name"], row["person"]) for row in rows] == [(made["id"], "Dona Marta", named)] * 3


def test_open_and_closed_are_asked_for_apart(ana: Client, office: Office) -> None:
    assert found(ana, person_id=office.saulo, state="closed") == [office.closed]
    assert office.closed in found(ana, state="closed")
    ana.post(f"{PATH}/{office.closed}/archive", None)
    assert found(ana, person_id=office.saulo, state="closed") == []
    assert found(ana, person_id=office.saulo, state="closed", filed="archived") == [office.closed]
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
    days = {"from": TODAY.isoformat(), "to": TODAY.isoformat()}
    assert found(ana, **both, **days) == [office.two]
    assert found(ana, person_id=office.rita, **{"from": (TODAY + dt.timedelta(days=1)).isoformat()}) == []
    assert found(ana, person_id=office.rita, to=(TODAY - dt.timedelta(days=1)).isoformat()) == []


def test_wrong_questions_are_refused(ana: Client) -> None:
    field_refused(ana.request("GET", PATH, params={"state": "lost"}), "state")
    wrong = {"from": "2026-02-02", "to": "2026-02-01"}
    field_refused(ana.request("GET", PATH, params=wrong), "to")
    refused(ana.request("GET", PATH, params={"type_id": "sumido"}), 404, "type_not_found")
    refused(ana.request("GET", PATH, params={"cursor": "AAAA"}), 422, "cursor_invalid")


def test_another_company_and_an_unseen_flow_are_left_out(ana: Client, bruno: Client, office: Office) -> None:
    refused(bruno.request("GET", PATH, params={"person_id": office.rita}), 404, "person_not_found")
    hidden = opened(ana, "Escondido", office.rita, flow_id=new_flow(ana)["id"])["id"]
    assert hidden in found(ana, person_id=office.rita)
    assert hidden not in found(office.caio, person_id=office.rita)


def test_the_trash_is_in_no_list_of_the_person_and_in_no_page(ana: Client) -> None:
    person = ana.register(unique_word())["id"]
    kept, closed, thrown = (opened(ana, title, person)["id"] for title in ("fica", "encerra", "joga fora"))
    ana.post(f"{PATH}/{closed}/close", None)
    ana.post(f"{PATH}/{thrown}/trash", None)
    for asked, shown in (({}, [kept]), ({"state": ["open", "closed"]}, [closed, kept])):
        listed = ana.get(f"/v1/persons/{person}/attendances", params=asked)["items"]
        page = ana.get(f"/v1/persons/{person}/view", params=asked)["attendances"]["items"]
        assert [[one["id"] for one in items] for items in (listed, page)] == [shown, shown]
    refused(ana.request("POST", f"{PATH}/reports", json={"ids": [kept, thrown]}), 409, "attendance_trashed")
    refused(ana.request("GET", f"{PATH}/{thrown}/print"), 409, "attendance_trashed")
    assert found(ana, person_id=person, filed="trashed") == [thrown]


def test_one_is_found_by_its_reference_open_or_closed_and_trashed_ones_only_in_the_trash(
    ana: Client, bruno: Client
) -> None:
    one = opened(ana, "Pelo número")
    path, asked = f"/v1/attendances/{one['id']}", {"reference": one["reference"]}

    def numbered(client: Client = ana, **more: Any) -> list[str]:
        return [row["id"] for row in client.get("/v1/attendances", params={**asked, **more})["items"]]

    assert numbered() == [one["id"]]
    assert one["id"] not in numbered(bruno)
    ana.post(f"{path}/close", None)
    assert numbered() == numbered(state="open", center_id="nothing") == [one["id"]]
    ana.post(f"{path}/archive", None)
    assert numbered() == [one["id"]]
    ana.post(f"{path}/trash", None)
    assert (numbered(), numbered(filed="trashed")) == ([], [one["id"]])
    for wrong in (0, "x", -1):
        field_refused(ana.request("GET", "/v1/attendances", params={"reference": wrong}), "reference")


def test_a_trashed_one_is_nowhere_but_in_the_trash(ana: Client) -> None:
    flow = new_flow(ana)["id"]
    one = opened(ana, "Lixo", flow_id=flow, due_at=due(days=30))
    person, path = one["person_id"], f"/v1/attendances/{one['id']}"
    put(ana, f"{path}/draft", {"content": {"text": "A meio"}})

    def places() -> set[str]:
        lists = {
            "person": ana.get(f"/v1/persons/{person}/attendances", params={"state": ["open", "closed"]})["items"],
            "view": ana.get(f"/v1/persons/{person}/view")["attendances"]["items"],
            "company": ana.get("/v1/attendances", params={"person_id": person})["items"],
            "flow": ana.get(f"/v1/flows/{flow}/attendances")["items"],
            "board": ana.get(f"/v1/flows/{flow}/board")["columns"][0]["items"],
            "critical": [row["attendance"] for row in factors(ana, person_id=person)],
        }
        drafts = [row["attendance_id"] for row in ana.every("/v1/attendance-drafts")]
        shown = {name for name, rows in lists.items() if one["id"] in [row["id"] for row in rows]}
        return shown | ({"drafts"} if one["id"] in drafts else set())

    everywhere = {"person", "view", "company", "flow", "board", "critical", "drafts"}
    assert places() == everywhere
    ana.post(f"{path}/trash", None)
    assert places() == set()
    assert [row["id"] for row in ana.get(f"/v1/flows/{flow}/attendances", params={"filed": "trashed"})["items"]] == [
        one["id"]
    ]
    ana.post(f"{path}/restore", None)
    assert places() == everywhere
