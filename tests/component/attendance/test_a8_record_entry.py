"""Row A8: entries are recorded in order; confirming follows the workflow; a closed attendance takes no more."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from tests.support.builders import users
from tests.support.builders.attendance import history, open_one, set_up, user
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture
def attendance(ana: Client) -> dict[str, Any]:
    person = ana.register("Atendida")
    opened: dict[str, Any] = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Visita"})
    return opened


def test_pages_of_entries_are_complete_and_newest_first(ana: Client, attendance: dict[str, Any]) -> None:
    path = f"/v1/attendances/{attendance['id']}/entries"
    made = [ana.post(path, {"text": f"Parecer {number}"})["id"] for number in range(5)]
    first = ana.get(path, params={"limit": 3})
    rest = ana.get(path, params={"limit": 3, "cursor": first["next_cursor"]})
    assert [entry["id"] for entry in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None


def test_a_closed_attendance_takes_no_entry(ana: Client, attendance: dict[str, Any]) -> None:
    closed = ana.post(f"/v1/attendances/{attendance['id']}/close", None)
    assert closed["state"] == "closed"
    assert closed["closed_at"]
    path = f"/v1/attendances/{attendance['id']}"
    refused(ana.request("POST", f"{path}/entries", json={"text": "Tarde"}), 409, "attendance_closed")
    refused(ana.request("POST", f"{path}/close"), 409, "attendance_already_closed")
    told = ana.get(f"{path}/entries")["items"]
    assert [(entry["kind"], entry["text"]) for entry in told] == [("system", "Encerrado.")]


def test_what_is_no_entry_is_refused(ana: Client, attendance: dict[str, Any]) -> None:
    path = f"/v1/attendances/{attendance['id']}/entries"
    field_refused(ana.request("POST", path, json={"text": "  "}), "text")
    field_refused(ana.request("POST", path, json={}), "text")
    field_refused(ana.request("GET", path, params={"limit": 1000}), "limit")
    refused(ana.request("POST", "/v1/attendances/nothing/entries", json={"text": "x"}), 404, "attendance_not_found")
    refused(ana.request("GET", "/v1/attendances/nothing/entries"), 404, "attendance_not_found")


def test_a_confirmed_entry_answers_with_the_decision_and_then_with_the_centers(ana: Client) -> None:
    made, me = set_up(ana), ana.session["user"]["id"]
    path = f"/v1/attendances/{open_one(ana, made)['id']}"
    recorded = ana.post(f"{path}/entries", {"text": "Liguei para a cliente.", "confirm": True})
    assert recorded["kind"] == "note"
    offered = recorded["next"]
    assert (offered["kind"], offered["position"], offered["missing"]) == ("decision", 0, [])
    assert offered["decision"]["question"] == "Há defeito?"
    assert [answer["id"] for answer in offered["decision"]["answers"]] == ["sim", "nao"]
    moved = ana.post(f"{path}/move", {"answer": "sim", "position": 0, "next_user_id": me})
    assert (moved["attendance"]["center"]["id"], moved["attendance"]["next_user"]["id"]) == (made.workshop, me)
    assert moved["next"]["kind"] == "centers"
    assert [(one["id"], one["ends_the_process"]) for one in moved["next"]["centers"]] == [
        (made.triage, False),
        (made.done, True),
    ]
    assert ana.get(f"{path}/next") == moved["next"]


def test_the_next_user_must_be_an_active_user_of_the_company(system: System, ana: Client, bruno: Client) -> None:
    made = set_up(ana)
    path = f"/v1/attendances/{open_one(ana, made)['id']}"
    step = {"answer": "sim", "position": 0}
    for stranger in ("tecnico", bruno.session["user"]["id"]):
        refused(ana.request("POST", f"{path}/move", json={**step, "next_user_id": stranger}), 404, "user_not_found")
        entry = {"text": "Segue.", **step, "next_user_id": stranger}
        refused(ana.request("POST", f"{path}/entries", json=entry), 404, "user_not_found")
    body = {"subject": "Visita", "type_id": made.leaf, "next_user_id": "tecnico"}
    person = ana.get(path)["person_id"]
    refused(ana.request("POST", f"/v1/persons/{person}/attendances", json=body), 404, "user_not_found")
    newcomer = users.create(ana, "attendant")
    assert ana.post(f"{path}/move", {**step, "next_user_id": newcomer["id"]})["attendance"]["position"] == 1
    ana.patch(f"/v1/users/{newcomer['id']}", {"active": False})
    again = {"text": "Segue.", "center_id": made.triage, "position": 1, "next_user_id": newcomer["id"]}
    heard = {"_id": {"$regex": newcomer["id"]}, "active": False}
    assert system.mongo("attendance")["users"].find_one(heard)
    refused(ana.request("POST", f"{path}/entries", json=again), 409, "user_inactive")


def test_an_entry_without_confirming_moves_nothing(ana: Client) -> None:
    made = set_up(ana)
    path = f"/v1/attendances/{open_one(ana, made)['id']}"
    recorded = ana.post(f"{path}/entries", {"text": "Só anotando."})
    assert (recorded["next"], recorded["attendance"]) == (None, None)
    assert ana.get(path)["position"] == 0


def test_a_step_that_is_not_offered_is_refused_and_its_entry_is_not_kept(ana: Client) -> None:
    made = set_up(ana)
    attendance = open_one(ana, made)
    path = f"/v1/attendances/{attendance['id']}"

    def record(**step: Any) -> requests.Response:
        return ana.request("POST", f"{path}/entries", json={"text": "Não fica", **step})

    problem = refused(record(center_id=made.workshop, position=0), 409, "decision_pending")
    assert "Há defeito?" in problem["detail"]
    refused(record(answer="talvez", position=0), 404, "answer_not_found")
    field_refused(record(answer="sim"), "position")
    field_refused(record(answer="sim", center_id=made.workshop, position=0), "center_id")
    ana.post(f"{path}/move", {"answer": "sim", "position": 0})
    refused(record(answer="sim", position=1), 409, "decision_not_offered")
    problem = refused(record(center_id="sumido", position=1), 409, "center_not_offered")
    assert problem["params"]["offered"] == [made.triage, made.done]
    assert [one["kind"] for one in history(ana, attendance)] == ["move"]
    free = ana.post(f"/v1/persons/{attendance['person_id']}/attendances", {"subject": "Sem tipo"})
    step = {"center_id": made.triage, "position": 0}
    refused(ana.request("POST", f"/v1/attendances/{free['id']}/move", json=step), 409, "workflow_none")
    confirmed = ana.post(f"/v1/attendances/{free['id']}/entries", {"text": "x", "confirm": True})
    assert confirmed["next"]["kind"] == "none"


def test_the_same_key_moves_once(ana: Client) -> None:
    made = set_up(ana)
    attendance = open_one(ana, made)
    path, key = f"/v1/attendances/{attendance['id']}/entries", {"Idempotency-Key": uuid.uuid4().hex}
    body = {"text": "Uma vez", "answer": "sim", "position": 0}
    first = ana.post(path, body, headers=key)
    assert ana.post(path, body, headers=key) == first
    assert [one["kind"] for one in history(ana, attendance)] == ["note", "move"]


def test_a_standard_text_is_filled_in(ana: Client) -> None:
    text = "Prezado(a) {{ pessoa }}, sobre “{{assunto}}” (nº {{referencia}}): {{usuario}}, {{centro}}, {{data}}."
    made = set_up(ana, standard_texts=[{"id": "retorno", "name": "Retorno", "text": text}])
    attendance = open_one(ana, made, subject="Forno {{usuario}}")
    path = f"/v1/attendances/{attendance['id']}"
    offered = ana.get(f"{path}/standard-texts")["items"][0]["text"]
    name = ana.get(f"/v1/persons/{attendance['person_id']}")["name"]
    today = dt.datetime.now(ZoneInfo("America/Sao_Paulo")).strftime("%d/%m/%Y")
    number = attendance["reference"]
    assert offered == f"Prezado(a) {name}, sobre “Forno {{{{usuario}}}}” (nº {number}): Ana, Triagem, {today}."
    recorded = ana.post(f"{path}/entries", {"standard_text_id": "retorno"})
    assert (recorded["text"], recorded["standard"]) == (offered, True)
    edited = ana.post(f"{path}/entries", {"standard_text_id": "retorno", "text": "À minha maneira."})
    assert (edited["text"], edited["standard_text"]["id"]) == ("À minha maneira.", "retorno")
    answer = ana.request("POST", f"{path}/entries", json={"standard_text_id": "sumido"})
    refused(answer, 404, "standard_text_not_found")


def test_the_next_contact_comes_from_the_entry_or_else_from_the_types_days(ana: Client) -> None:
    made = set_up(ana)
    path = f"/v1/attendances/{open_one(ana, made)['id']}"
    ana.post(f"{path}/entries", {"text": "Combinado.", "next_contact_date": "2031-02-03"})
    assert ana.get(path)["contact_date"] == "2031-02-03"
    ana.post(f"{path}/entries", {"text": "Sem data."})
    today = dt.datetime.now(ZoneInfo("America/Sao_Paulo")).date()
    assert ana.get(path)["contact_date"] == str(today + dt.timedelta(days=3))
    field_refused(ana.request("POST", f"{path}/entries", json={"text": "x", "next_contact_date": "amanhã"}),
                  "next_contact_date")  # fmt: skip


def test_only_a_supervisor_closes_it_outside_its_workflow(system: System, ana: Client) -> None:
    made = set_up(ana)
    attendance = open_one(ana, made)
    path = f"/v1/attendances/{attendance['id']}/close"
    refused(user(system, "seller").request("POST", path), 409, "attendance_follows_workflow")
    assert ana.post(path, None)["state"] == "closed"
    assert history(ana, attendance)[-1]["text"] == "Encerrado fora do workflow."
