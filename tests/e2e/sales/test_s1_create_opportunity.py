"""Row S1: an opportunity on a person, contact date today unless given; its conversation is an attendance."""

from __future__ import annotations

import uuid
from typing import Any

from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client


def conversation(ana: Client, opportunity: dict[str, Any]) -> dict[str, Any]:
    """Opened by attendance when it hears of the opportunity."""
    path = f"/v1/attendances/{opportunity['attendance_id']}"
    wait_for(lambda: ana.request("GET", path).ok, what="the conversation is opened")
    opened: dict[str, Any] = ana.get(path)
    return opened


def test_its_conversation_is_opened_and_moves_the_opportunity(ana: Client) -> None:
    person = ana.register("Conversada")
    made = ana.post(f"/v1/persons/{person['id']}/opportunities", {"subject": "Forno"})
    opened = conversation(ana, made)
    assert (opened["person_id"], opened["subject"]) == (person["id"], "Forno")
    entry = ana.post(f"/v1/attendances/{opened['id']}/entries", {"text": "Ligou"})
    path = f"/v1/opportunities/{made['id']}"
    wait_for(lambda: ana.get(path)["last_interaction_at"] == entry["recorded_at"], what="last interaction")
    ana.post(f"/v1/attendances/{opened['id']}/close", None)
    wait_for(lambda: ana.get(path)["state"] == "closed", what="closed with its conversation")


def test_one_key_makes_one_opportunity_and_one_conversation(ana: Client) -> None:
    person = ana.register("Repetida")
    path, key = f"/v1/persons/{person['id']}/opportunities", {"Idempotency-Key": uuid.uuid4().hex}
    first = ana.post(path, {"subject": "Forno"}, headers=key)
    assert ana.post(path, {"subject": "Forno"}, headers=key) == first
    conversation(ana, first)
    assert len(ana.get(path)["items"]) == 1
    assert len(ana.get(f"/v1/persons/{person['id']}/attendances")["items"]) == 1


def test_a_linked_appointment_is_booked_with_it_and_a_refused_part_is_told(ana: Client) -> None:
    visit = {
        "kind": "visita",
        "subject": "Medir",
        "starts_at": "2031-03-05T12:00:00Z",
        "ends_at": "2031-03-05T13:00:00Z",
    }
    path = f"/v1/persons/{ana.register('Agendada')['id']}/opportunities"
    made = ana.post(path, {"subject": "Forno", "appointment": visit})
    assert (made["appointment"]["opportunity_id"], made["refused"]) == (made["id"], [])
    late = {**visit, "ends_at": visit["starts_at"]}
    other = ana.post(path, {"subject": "Forno", "appointment": late, "answers": {"nada": "x"}})
    assert [one["part"] for one in other["refused"]] == ["answers", "appointment"]
    assert ana.get(f"/v1/opportunities/{other['id']}/appointments")["items"] == []


def test_nobodys_opportunity_and_one_without_a_subject_are_refused(ana: Client, bruno: Client) -> None:
    path = f"/v1/persons/{ana.register('Recusada')['id']}/opportunities"
    refused(bruno.request("POST", path, json={"subject": "Forno"}), 404, "person_not_found")
    field_refused(ana.request("POST", path, json={}), "subject")
    refused(ana.request("POST", path, json={"subject": "Forno", "stage_id": "sumido"}), 404, "stage_not_found")
    assert ana.get(path)["items"] == []
