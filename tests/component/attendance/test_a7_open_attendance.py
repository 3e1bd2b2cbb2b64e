"""Row A7: an attendance is opened on a registered person, of a type, with an optional first entry; by others too."""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from tests.support.builders.attendance import open_one, set_up
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client


def test_a_first_entry_is_recorded_with_it(ana: Client) -> None:
    person = ana.register("Falante")
    body = {"title": "Proposta", "text": "Quer um forno."}
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", body)
    assert opened["entry_count"] == 1
    entries = ana.get(f"/v1/attendances/{opened['id']}/entries")["items"]
    assert [(entry["text"], entry["author_name"]) for entry in entries] == [("Quer um forno.", "Ana")]


def test_references_count_up_and_the_list_is_newest_first(ana: Client) -> None:
    person = ana.register("Frequente")
    made = [ana.post(f"/v1/persons/{person['id']}/attendances", {"title": f"Visita {n}"}) for n in range(3)]
    assert [one["reference"] - made[0]["reference"] for one in made] == [0, 1, 2]
    listed = ana.get(f"/v1/persons/{person['id']}/attendances")["items"]
    assert [one["id"] for one in listed] == [one["id"] for one in made[::-1]]


def test_an_unknown_person_and_an_empty_title_are_refused(ana: Client) -> None:
    person = ana.register("Calada")
    path = f"/v1/persons/{person['id']}/attendances"
    refused(ana.request("POST", "/v1/persons/nobody/attendances", json={"title": "x"}), 404, "person_not_found")
    field_refused(ana.request("POST", path, json={"title": ""}), "title")
    field_refused(ana.request("POST", path, json={"title": "x", "text": "y" * 20_001}), "text")
    assert ana.get(path)["items"] == []


def test_it_starts_at_the_beginning_of_its_types_workflow(ana: Client) -> None:
    made = set_up(ana)
    opened = open_one(ana, made, due_at="2031-01-05T10:00:00-03:00")
    assert (opened["type_id"], opened["center_id"], opened["item_id"]) == (made.leaf, made.triage, "entrada")
    assert (opened["workflow_id"], opened["workflow_version"], opened["cycle_id"]) == (made.workflow, 1, made.cycle)
    assert opened["due_at"] == "2031-01-05T13:00:00+00:00"
    today = dt.datetime.now(ZoneInfo("America/Sao_Paulo")).date()
    assert opened["contact_date"] == str(today + dt.timedelta(days=3)), "the type's days"


def test_its_contact_is_a_registered_one(ana: Client) -> None:
    person = ana.register("Com contato", contacts=[{"name": "Rita Campos"}])
    path = f"/v1/persons/{person['id']}/attendances"
    assert ana.post(path, {"title": "x", "contact": "rita campos"})["contact"] == "Rita Campos"
    refused(ana.request("POST", path, json={"title": "x", "contact": "José"}), 404, "contact_not_found")
    ana.post(f"/v1/persons/{person['id']}/contacts", {"name": "José"})
    assert ana.post(path, {"title": "x", "contact": "José"})["contact"] == "José"


def test_another_systems_key_opens_once_and_answers_the_same_from_then_on(ana: Client) -> None:
    person, key = ana.register("Integrada"), uuid.uuid4().hex
    path = f"/v1/persons/{person['id']}/attendances"
    body = {"title": "Chamado 77", "text": "Aberto pelo portal.", "dedup_key": key}
    first = ana.request("POST", path, json=body)
    assert (first.status_code, first.json()["created"]) == (201, True)
    ana.post(f"/v1/attendances/{first.json()['id']}/entries", {"text": "Segue."})
    for again in ({**body, "title": "Outro assunto"}, body):
        answer = ana.request("POST", path, json=again)
        assert (answer.status_code, answer.json()["id"]) == (200, first.json()["id"])
        assert (answer.json()["entry_count"], answer.json()["title"]) == (2, "Chamado 77")
    assert len(ana.get(path)["items"]) == 1
    other = ana.register("Outra")
    refused(ana.request("POST", f"/v1/persons/{other['id']}/attendances", json=body), 409, "dedup_key_reused")


def test_the_same_key_of_another_company_is_another_attendance(ana: Client, bruno: Client) -> None:
    key = uuid.uuid4().hex
    opened = []
    for client in (ana, bruno):
        person = client.register("Chaveada")
        opened.append(client.post(f"/v1/persons/{person['id']}/attendances", {"title": "x", "dedup_key": key}))
    assert opened[0]["id"] != opened[1]["id"]
    assert all(one["created"] for one in opened)
