"""Row A7: an attendance is opened on a registered person, at once after registering, with an optional first entry."""

from __future__ import annotations

from tests.support.problems import field_refused, refused
from tests.support.system import Client


def test_an_attendance_is_opened_right_after_the_person_is_registered(ana: Client) -> None:
    for number in range(5):
        person = ana.register(f"Recente {number}")
        opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"title": "Primeira visita"})
        assert (opened["status"], opened["entry_count"]) == ("open", 0)


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
