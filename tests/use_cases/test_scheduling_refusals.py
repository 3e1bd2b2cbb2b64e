"""Row C1: an appointment is of a person that is there, and of an opportunity of that person."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.chassis.handling.subscriptions import ReceivedEvent
from services.scheduling import commands, subscribers
from services.scheduling.session import INDEXES, SchedulingSession
from tests.support.fakes.memory import Memory

NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
BOOKED = {"kind": "visita", "subject": "Visita", "starts_at": "2027-03-01T10:00:00Z", "ends_at": "2027-03-01T11:00:00Z"}


@pytest.fixture
def agenda() -> Memory:
    """Two persons; the first has an opportunity, and one that was deleted."""
    memory = Memory(SchedulingSession, INDEXES)
    for person in ("p1", "p2"):
        memory.collection("persons").insert({"_id": person, "name": "Rita", "sequence": 1})
    hear(memory, subscribers.on_sales_opportunity_created, "o1", 1)
    hear(memory, subscribers.on_sales_opportunity_deleted, "o2", 2)
    hear(memory, subscribers.on_sales_opportunity_created, "o2", 1)  # it was overtaken on its way
    return memory


def hear(memory: Memory, handler: Any, opportunity: str, sequence: int) -> None:
    told = {"opportunity_id": opportunity, "person_id": "p1", "attendance_id": "a1"}
    event = ReceivedEvent("e", memory.company, opportunity, sequence, NOW, told)
    memory.run(lambda tx: handler.__wrapped__(tx, event))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"person_id": "p9"}, "person_not_found"),
        ({"person_id": "p2", "opportunity_id": "o1"}, "opportunity_of_another_person"),
        ({"person_id": "p1", "opportunity_id": "o2"}, "opportunity_not_found"),
        ({"person_id": "p1", "opportunity_id": "o9"}, "opportunity_not_found"),
        ({"person_id": "p1", "ends_at": BOOKED["starts_at"]}, "appointment_period_invalid"),
        ({"person_id": "p1", "ends_at": "2027-03-01T09:59:59Z"}, "appointment_period_invalid"),
    ],
)
def test_an_appointment_that_can_not_be_is_refused(agenda: Memory, fields: dict[str, Any], code: str) -> None:
    assert agenda.refusal(commands.book_appointment, **{**BOOKED, **fields}) == code
    assert agenda.documents("appointments") == []


def test_an_appointment_of_an_opportunity_is_seen_with_its_conversation(agenda: Memory) -> None:
    made = agenda.ask(commands.book_appointment, **BOOKED, person_id="p1", opportunity_id="o1")
    assert (made.opportunity_id, made.attendance_id) == ("o1", "a1")
