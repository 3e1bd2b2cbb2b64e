"""Rows S1, S3: an opportunity is created with its cycle's answers, a linked appointment, and a customer to register."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people
from tests.support.builders.attendance import answered, put, with_questions
from tests.support.builders.sales import newcomer
from tests.support.problems import field_refused
from tests.support.stack.system import Client, System

VISIT = {"kind": "visita", "subject": "Medir", "starts_at": "2031-03-05T12:00:00Z", "ends_at": "2031-03-05T13:00:00Z"}


@pytest.fixture(scope="module")
def maria(system: System) -> Client:
    """A company whose opportunities have a cycle."""
    maria = newcomer(system)
    made = with_questions(maria)
    options = {"opportunity_type_id": made.leaf, "cycle_in_opportunities": True}
    put(maria, "/v1/settings/attendance-options", options)
    return maria


def created(client: Client, **fields: Any) -> dict[str, Any]:
    person = client.register("Criada")["id"]
    made: dict[str, Any] = client.post(f"/v1/persons/{person}/opportunities", {"subject": "Forno", **fields})
    return made


def test_its_cycle_is_answered_and_its_appointment_booked(maria: Client) -> None:
    made = created(maria, answers={"modelo": "A", "garantia": True}, appointment=VISIT)
    assert (made["refused"], made["warnings"]) == ([], [])
    assert answered(maria.get(f"/v1/attendances/{made['attendance_id']}/cycle")) == {
        "modelo": "A", "garantia": True, "comprado": None,
    }  # fmt: skip
    assert (made["appointment"]["subject"], made["appointment"]["opportunity_id"]) == ("Medir", made["id"])
    (listed,) = maria.get(f"/v1/opportunities/{made['id']}/appointments")["items"]
    assert listed["id"] == made["appointment"]["id"]


def test_without_parts_nothing_is_answered_or_booked(maria: Client) -> None:
    made = created(maria)
    assert (made["appointment"], made["refused"], made["warnings"]) == (None, [], [])
    assert maria.get(f"/v1/opportunities/{made['id']}/appointments")["items"] == []


def test_a_part_that_is_refused_is_told_and_the_opportunity_is_there(maria: Client) -> None:
    late = {**VISIT, "ends_at": VISIT["starts_at"]}
    made = created(maria, answers={"nada": "x"}, appointment=late)
    told = {one["part"]: one["code"] for one in made["refused"]}
    assert told["appointment"] == "appointment_period_invalid"
    assert set(told) == {"answers", "appointment"}
    assert all(one["detail"] for one in made["refused"])
    assert maria.get(f"/v1/opportunities/{made['id']}")["subject"] == "Forno"


def test_a_wrong_field_of_a_part_makes_nothing(maria: Client) -> None:
    person = maria.register("Intacta")["id"]
    path = f"/v1/persons/{person}/opportunities"
    wrong = {"subject": "x", "appointment": {**VISIT, "starts_at": "amanhã"}}
    field_refused(maria.request("POST", path, json=wrong), "appointment")
    field_refused(maria.request("POST", path, json={"subject": "x", "answers": {}}), "answers")
    assert maria.get(path)["items"] == []


def test_sent_again_with_its_key_everything_is_made_once(maria: Client) -> None:
    body = {"subject": "Uma vez", "person": {"name": f"Uma {people.unique_word()}"}, "appointment": VISIT}
    key = {"Idempotency-Key": people.unique_word()}
    first, again = (maria.request("POST", "/v1/opportunities", json=body, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len(maria.get(f"/v1/persons/{first.json()['person']['id']}/appointments")["items"]) == 1


def test_a_quick_registration_warns_of_probable_duplicates(maria: Client) -> None:
    word = people.unique_word()
    emails = [{"address": f"{word}@x.example".lower()}]
    known = maria.register(f"Zé {word}", emails=emails)
    made = maria.post("/v1/opportunities", {"subject": "x", "person": {"name": f"José {word}", "emails": emails}})
    (warning,) = made["warnings"]
    assert (warning["person"]["id"], warning["reasons"]) == (known["id"], ["email"])
    assert made["person"]["id"] != known["id"]
