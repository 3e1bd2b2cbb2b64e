"""Rows S1, S8: what happens in an opportunity's conversation is its last interaction, in whatever order it is heard."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.chassis.handling.subscriptions import ReceivedEvent
from services.sales import subscribers
from services.sales.opportunities import commands as opportunities
from services.sales.opportunities import queries as opportunities_queries
from services.sales.session import INDEXES, SalesSession
from tests.support.fakes.memory import Memory

AT = dt.datetime(2031, 3, 5, 12, tzinfo=dt.UTC)
HEAR: Any = subscribers.on_attendance_entry_recorded


class Conversation:
    """Of an opportunity of today."""

    def __init__(self) -> None:
        self.memory = Memory(SalesSession, INDEXES)
        self.memory.collection("persons").insert({"_id": "p1", "name": "Compradora"})
        made = self.memory.ask(opportunities.create_opportunity, person_id="p1", description="Plano")
        self.id, self.attendance = made["id"], made["attendance_id"]

    def entry(self, hours: int, planned: dt.date | None = None, attendance: str | None = None) -> None:
        data = {
            "attendance_id": attendance or self.attendance,
            "recorded_at": AT + dt.timedelta(hours=hours),
            "planned_contact_date": planned,
        }
        event = ReceivedEvent(f"e{hours}", "c1", self.attendance, hours, AT, data)
        self.memory.run(lambda tx: HEAR.__wrapped__(tx, event))

    def shown(self) -> tuple[Any, Any]:
        found = self.memory.ask(opportunities_queries.get_opportunity, id=self.id)
        return found["last_interaction_at"], found["contact_date"]


@pytest.fixture
def conversation() -> Conversation:
    return Conversation()


def test_an_entry_is_the_last_interaction_and_plans_the_next_contact(conversation: Conversation) -> None:
    _, planned = conversation.shown()
    conversation.entry(1)
    assert conversation.shown() == (AT + dt.timedelta(hours=1), planned), "it plans none"
    conversation.entry(2, dt.date(2031, 4, 1))
    assert conversation.shown() == (AT + dt.timedelta(hours=2), dt.date(2031, 4, 1))


def test_an_entry_that_is_heard_late_changes_nothing(conversation: Conversation) -> None:
    conversation.entry(2, dt.date(2031, 4, 1))
    conversation.entry(1, dt.date(2031, 3, 9))
    assert conversation.shown() == (AT + dt.timedelta(hours=2), dt.date(2031, 4, 1))


def test_an_entry_of_another_attendance_is_no_interaction(conversation: Conversation) -> None:
    before = conversation.shown()
    conversation.entry(1, dt.date(2031, 4, 1), attendance="other")
    assert conversation.shown() == before
