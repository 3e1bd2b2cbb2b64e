"""Rows S15, S16: a conversation follows its opportunity's ends and reopenings, whatever the order they are heard in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.attendance.domain import CLOSED, OPEN
from services.attendance.store import INDEXES, AttendanceSession
from services.attendance.use_cases import heard, opportunities
from services.chassis.subscriptions import Heard
from tests.support.memory import Memory

NAMED = {"opportunity_id": "o1", "attendance_id": "a1", "person_id": "p1", "description": "Plano"}
NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)


def conversation() -> Memory:
    memory = Memory(AttendanceSession, INDEXES)
    memory.collection("persons").insert({"_id": "p1", "name": "Compradora", "sequence": 1})
    tell(memory, heard.on_sales_opportunity_created, 1)
    return memory


def tell(memory: Memory, handler: Any, sequence: int) -> None:
    event = Heard(f"e{sequence}", "c1", "o1", sequence, NOW, {**NAMED, "summary": f"Evento {sequence}."})
    memory.run(lambda tx: handler.__wrapped__(tx, event))


def status(memory: Memory) -> str:
    return str(memory.collection("attendances").kept["a1"]["status"])


@given(st.integers(1, 6), st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_last_that_happened_wins_in_any_order(turns: int, chance: Any) -> None:
    memory = conversation()
    told = [(number + 2, number % 2 == 0) for number in range(turns)]
    last_is_an_end = told[-1][1]
    chance.shuffle(told)
    for sequence, ends in told:
        closed, reopened = opportunities.on_sales_opportunity_closed, opportunities.on_sales_opportunity_reopened
        tell(memory, closed if ends else reopened, sequence)
    assert status(memory) == (CLOSED if last_is_an_end else OPEN)


def test_a_closing_that_only_followed_says_so_and_its_own_does_not() -> None:
    memory = conversation()
    tell(memory, opportunities.on_sales_opportunity_closed, 2)
    tell(memory, opportunities.on_sales_opportunity_reopened, 3)
    (closed,) = [one for one in memory.documents("outbox") if one["name"] == "attendance_closed"]
    assert '"followed_opportunity":true' in closed["envelope"].replace(" ", "")
    texts = [entry["text"] for entry in memory.documents("entries")]
    assert texts == ["Evento 2.", "Evento 3."]


def test_a_deleted_opportunitys_conversation_stays_closed() -> None:
    memory = conversation()
    tell(memory, opportunities.on_sales_opportunity_deleted, 5)
    tell(memory, opportunities.on_sales_opportunity_reopened, 4)
    assert status(memory) == CLOSED
