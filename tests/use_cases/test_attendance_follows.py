"""Rows S15, S16: a conversation follows its opportunity's ends and reopenings, whatever the order they are heard in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.attendance import subscribers as attendance_subscribers
from services.attendance.attendances import commands as attendances_commands
from services.attendance.attendances.jobs import rename_page
from services.attendance.attendances.model.attendance import CLOSED, OPEN
from services.attendance.conversations import queries as conversations_queries
from services.attendance.conversations import subscribers as conversations_subscribers
from services.attendance.session import INDEXES, AttendanceSession
from services.chassis import ids
from services.chassis.errors import NotFound, NotReplicatedYet
from services.chassis.handling.subscriptions import ReceivedEvent
from tests.support.fakes.memory import Memory

NAMED = {"opportunity_id": "o1", "attendance_id": "a1", "person_id": "p1", "description": "Plano"}
NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)


def conversation() -> Memory:
    memory = Memory(AttendanceSession, INDEXES)
    memory.collection("persons").insert({"_id": "p1", "name": "Compradora", "sequence": 1})
    tell(memory, attendance_subscribers.on_sales_opportunity_created, 1)
    return memory


def tell(memory: Memory, handler: Any, sequence: int, **data: Any) -> None:
    told = {**NAMED, "person_name": "Compradora Nova", "summary": f"Evento {sequence}.", **data}
    event = ReceivedEvent(f"e{sequence}", "c1", "o1", sequence, NOW, told)
    concerns = handler.chassis_subscriber.concerns
    if concerns is None or memory.read(lambda session: concerns(session, event)):
        memory.run(lambda tx: handler.__wrapped__(tx, event))


def rename(memory: Memory, sequence: int, description: str, renamed: bool = True, **data: Any) -> None:
    handler = conversations_subscribers.on_sales_opportunity_changed
    tell(memory, handler, sequence, description=description, renamed=renamed, **data)


def title(memory: Memory) -> str:
    return str(memory.collection("attendances").kept["a1"]["title"])


def status(memory: Memory) -> str:
    return str(memory.collection("attendances").kept["a1"]["status"])


@given(st.integers(1, 6), st.randoms())
def test_the_last_that_happened_wins_in_any_order(turns: int, chance: Any) -> None:
    memory = conversation()
    told = [(number + 2, number % 2 == 0) for number in range(turns)]
    last_is_an_end = told[-1][1]
    chance.shuffle(told)
    for sequence, ends in told:
        closed, reopened = (
            conversations_subscribers.on_sales_opportunity_closed,
            conversations_subscribers.on_sales_opportunity_reopened,
        )
        tell(memory, closed if ends else reopened, sequence)
    assert status(memory) == (CLOSED if last_is_an_end else OPEN)


def test_a_closing_that_only_followed_says_so_and_its_own_does_not() -> None:
    memory = conversation()
    tell(memory, conversations_subscribers.on_sales_opportunity_closed, 2)
    tell(memory, conversations_subscribers.on_sales_opportunity_reopened, 3)
    (closed,) = [one for one in memory.documents("outbox") if one["name"] == "attendance_closed"]
    assert '"followed_opportunity":true' in closed["envelope"].replace(" ", "")
    texts = [entry["text"] for entry in memory.documents("entries")]
    assert texts == ["Evento 2.", "Evento 3."]


def test_a_deleted_opportunitys_conversation_stays_closed() -> None:
    memory = conversation()
    tell(memory, conversations_subscribers.on_sales_opportunity_deleted, 5)
    tell(memory, conversations_subscribers.on_sales_opportunity_reopened, 4)
    assert status(memory) == CLOSED


LATE: list[tuple[Any, dict[str, Any]]] = [
    (attendance_subscribers.on_sales_opportunity_created, {}),
    (attendance_subscribers.on_sales_quote_changed,
     {"quote_id": "q1", "status": "draft", "total": Decimal("10.00"), "currency": "BRL"}),
    (conversations_subscribers.on_sales_opportunity_changed, {"renamed": True}),
    (conversations_subscribers.on_sales_action_added, {"action_id": "x1", "kind": "note", "text": "Ligar"}),
    (conversations_subscribers.on_sales_opportunity_closed, {}),
    (conversations_subscribers.on_sales_opportunity_reopened, {}),
    (conversations_subscribers.on_sales_opportunity_deleted, {}),
]  # fmt: skip


@pytest.mark.parametrize(("handler", "data"), LATE)
def test_late_news_of_a_conversation_that_is_deleted_for_good_is_no_failure_and_opens_none(
    handler: Any, data: dict[str, Any]
) -> None:
    memory = conversation()
    memory.run(lambda tx: tx.attendances.delete(tx.attendances.find("a1")))
    tell(memory, handler, 9, **data)
    assert memory.documents("attendances") == []


def test_a_conversation_bears_its_customers_name() -> None:
    kept = conversation().collection("attendances").kept["a1"]
    assert (kept["contact_name"], kept["contact"], kept["title"]) == ("Compradora", None, "Plano")


def test_where_the_customer_is_not_known_here_yet_the_name_comes_with_the_opportunity() -> None:
    memory = Memory(AttendanceSession, INDEXES)
    tell(memory, attendance_subscribers.on_sales_opportunity_created, 1)
    assert memory.collection("attendances").kept["a1"]["contact_name"] == "Compradora Nova"


def test_a_conversation_opened_without_a_name_gets_it_when_the_persons_name_is_looked_at_again() -> None:
    memory = conversation()
    memory.collection("attendances").kept["a1"]["contact_name"] = ""
    memory.run(lambda tx: rename_page(tx, "p1", None))
    assert memory.collection("attendances").kept["a1"]["contact_name"] == "Compradora"


@given(st.permutations(range(2, 6)))
@settings(max_examples=settings().max_examples // 3)
def test_the_last_name_of_an_opportunity_is_its_conversations_title_in_any_order(order: list[int]) -> None:
    memory = conversation()
    for sequence in order:
        rename(memory, sequence, f"Plano {sequence}")
    assert title(memory) == "Plano 5"


def test_a_new_name_is_told_in_the_conversations_history_and_announced() -> None:
    memory = conversation()
    rename(memory, 2, "Plano novo " + "x" * 300)
    assert title(memory) == ("Plano novo " + "x" * 300)[:200]
    [entry] = memory.documents("entries")
    assert (entry["kind"], entry["author_name"]) == ("change", "Ana")
    assert entry["text"].startswith("Assunto: de “Plano” para “Plano novo ")
    [told] = [one for one in memory.documents("outbox") if one["name"] == "attendance_changed"]
    assert '"what":["title"]' in told["envelope"].replace(" ", "")


def test_a_change_that_renames_nothing_leaves_a_title_that_somebody_gave_the_conversation() -> None:
    memory = conversation()
    data = {"attendance_id": "a1", "title": "Assunto da Ana"}
    memory.run(lambda tx: attendances_commands.change_attendance.__wrapped__(tx, data))  # type: ignore[attr-defined]
    rename(memory, 2, "Plano", renamed=False)
    assert title(memory) == "Assunto da Ana"
    rename(memory, 3, "Outro plano")
    assert title(memory) == "Outro plano"


def test_a_closed_conversation_follows_too() -> None:
    memory = conversation()
    tell(memory, conversations_subscribers.on_sales_opportunity_closed, 3)
    rename(memory, 2, "Plano novo")
    assert (title(memory), status(memory)) == ("Plano novo", CLOSED)


def test_a_name_waits_for_its_conversation() -> None:
    memory = Memory(AttendanceSession, INDEXES)
    with pytest.raises(NotFound, match="attendance_not_found"):
        rename(memory, 2, "Plano novo", attendance_id=ids.new_id())


def test_a_quote_waits_for_its_conversation_but_not_for_that_of_an_erased_person() -> None:
    memory = Memory(AttendanceSession, INDEXES)
    quote = {"quote_id": "q1", "status": "in_approval", "total": Decimal(10), "currency": "BRL"}
    with pytest.raises(NotFound, match="attendance_not_found"):
        tell(memory, attendance_subscribers.on_sales_quote_changed, 2, **quote)
    memory.collection("persons").insert({"_id": "p1", "name": "", "erased": True, "sequence": 1})
    tell(memory, attendance_subscribers.on_sales_quote_changed, 2, **quote)


def test_whoever_asks_for_a_conversation_that_is_on_its_way_is_answered_once_it_is_there() -> None:
    memory, awaited = Memory(AttendanceSession, INDEXES), {"id": "a1"}
    look = conversations_queries.get_conversation.__wrapped__  # type: ignore[attr-defined]
    with pytest.raises(NotReplicatedYet):
        memory.read(lambda session: look(session, awaited))
    tell(memory, attendance_subscribers.on_sales_opportunity_created, 1)
    assert memory.read(lambda session: look(session, awaited)) == awaited
