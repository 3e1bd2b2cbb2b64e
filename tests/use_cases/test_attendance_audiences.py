"""Row N6: which persons of a mailing fit by their last contact, as the user who gathers them sees it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.attendance.attendances import commands as attendances_commands
from services.attendance.audiences import subscribers
from services.attendance.audiences.model import fits
from services.attendance.entries import commands as entries_commands
from services.attendance.filing import commands as filing_commands
from services.attendance.flows import commands as flows_commands
from services.attendance.visibility import VISIBILITY_RULES
from services.chassis.handling.session import Actor
from services.chassis.handling.subscriptions import ReceivedEvent
from tests.support.builders.attendance_in_memory import FLOW, NOTE, OPENED, office, run, told
from tests.support.fakes.memory import Memory, Narrowed

TODAY = dt.date(2026, 11, 24)
TOMORROW = TODAY + dt.timedelta(days=1)


def person(number: int) -> dict[str, Any]:
    return {
        "person_id": f"p{number}", "code": number, "name": f"Pessoa {number}", "email": None, "address": None,
        "email_consent": None, "post_consent": None,
    }  # fmt: skip


def chosen(memory: Memory, **days: dt.date) -> list[str]:
    """Of p1 and p2, as Ana sees them."""
    data = {
        "gathering_id": "g1", "mailing_id": "m1", "last": True, "persons": [person(1), person(2)],
        "contact_since": None, "no_contact_since": None, **days,
    }  # fmt: skip
    event = ReceivedEvent("e1", "c1", "g1", 7, dt.datetime(2026, 11, 24, tzinfo=dt.UTC), data)
    handler: Any = subscribers.on_people_mailing_candidates_found
    user = Narrowed(memory, Actor("u1", "Ana"), VISIBILITY_RULES)
    memory.run(lambda tx: handler.__wrapped__(tx, event), user=user)
    answer = told(memory, "mailing_candidates_chosen")[-1]
    assert (answer["sequence"], answer["gathering_id"], answer["last"]) == (7, "g1", True)
    return [one["person_id"] for one in answer["persons"]]


def contacted(memory: Memory, **data: Any) -> str:
    """An attendance of p1 with an entry of today."""
    attendance_id = str(run(memory, attendances_commands.open_attendance, **{**OPENED, **data})["id"])
    run(memory, entries_commands.record_entry, attendance_id=attendance_id, **NOTE)
    return attendance_id


def test_the_newest_entry_decides_and_who_has_none_was_never_contacted() -> None:
    memory = office()
    contacted(memory)
    assert chosen(memory, contact_since=TODAY) == ["p1"]
    assert chosen(memory, contact_since=TOMORROW) == []
    assert chosen(memory, no_contact_since=TODAY) == ["p2"]
    assert chosen(memory, no_contact_since=TOMORROW) == ["p1", "p2"]
    assert chosen(memory, contact_since=TODAY, no_contact_since=TOMORROW) == ["p1"]


def test_an_attendance_in_the_trash_is_no_contact() -> None:
    memory = office()
    run(memory, filing_commands.trash_attendance, attendance_id=contacted(memory))
    assert chosen(memory, contact_since=TODAY) == []


def test_a_contact_in_a_flow_that_the_user_does_not_use_is_not_told() -> None:
    memory = office()
    flow = run(memory, flows_commands.create_flow, **FLOW, users=["u1"])
    contacted(memory, flow_id=flow.id)
    assert chosen(memory, contact_since=TODAY) == ["p1"]
    run(memory, flows_commands.change_flow, flow_id=flow.id, users=["u2"])
    assert chosen(memory, contact_since=TODAY) == []


@pytest.mark.parametrize(("hour", "day"), [(2, 23), (4, 24)])
def test_a_day_is_one_of_the_companys_zone(hour: int, day: int) -> None:
    memory = office()
    contacted(memory)
    for one in memory.collection("attendances").kept.values():
        one["last_entry_at"] = dt.datetime(2026, 11, 24, hour, tzinfo=dt.UTC)
    on = dt.date(2026, 11, day)
    assert chosen(memory, contact_since=on, no_contact_since=on + dt.timedelta(days=1)) == ["p1"]


def test_a_contact_at_the_very_beginning_of_a_day_is_of_that_day() -> None:
    midnight = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
    assert fits(midnight, midnight, None)
    assert not fits(midnight, None, midnight)
