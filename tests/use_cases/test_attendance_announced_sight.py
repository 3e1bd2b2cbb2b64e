"""What attendance tells other services of who sees an attendance: its type, its flow, and the flow's users."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.attendance import subscribers
from services.attendance.attendances import commands as attendances_commands
from services.attendance.entries import commands as entries_commands
from services.attendance.filing import commands as filing_commands
from services.attendance.flows import commands as flows_commands
from services.chassis.handling.subscriptions import ReceivedEvent
from tests.support.builders.attendance_in_memory import FLOW, NOTE, OPENED, office, run, told
from tests.support.fakes.memory import Memory


def test_whoever_hears_of_an_attendance_hears_its_flow_with_its_users() -> None:
    memory = office()
    flow = run(memory, flows_commands.create_flow, **FLOW, users=["u1", "u2"])
    flow = run(memory, flows_commands.change_flow, flow_id=flow.id, users=["u1"])
    known = {"flow_id": flow.id, "version": 2, "users": ["u1"]}
    one = run(memory, attendances_commands.open_attendance, **{**OPENED, "flow_id": flow.id})
    run(memory, entries_commands.record_entry, attendance_id=one["id"], **NOTE)
    run(memory, filing_commands.archive_attendance, attendance_id=one["id"])
    for name in ("attendance_opened", "entry_recorded", "attendance_filed"):
        (heard,) = told(memory, name)
        assert (heard["flow"], heard["type_id"]) == (known, None), name


def test_an_attendance_in_no_flow_says_so() -> None:
    memory = office()
    run(memory, attendances_commands.open_attendance, **OPENED)
    (heard,) = told(memory, "attendance_opened")
    assert heard["flow"] is None


def test_a_flow_tells_its_users_when_it_is_made_changed_switched_and_deleted() -> None:
    memory = office()
    flow = run(memory, flows_commands.create_flow, **FLOW, users=["u1", "u2"])
    run(memory, flows_commands.change_flow, flow_id=flow.id, users=["u2"])
    run(memory, flows_commands.deactivate_flow, flow_id=flow.id)
    run(memory, flows_commands.delete_flow, flow_id=flow.id)
    heard = [(one["sequence"], one["users"], one["active"]) for one in told(memory, "flow_changed")]
    assert heard == [(1, ["u1", "u2"], True), (2, ["u2"], True), (3, ["u2"], False), (4, [], False)]


def test_what_happens_in_no_opportunitys_conversation_is_minor_news_for_sales() -> None:
    memory = office()
    one = run(memory, attendances_commands.open_attendance, **OPENED)
    told = {"opportunity_id": "o1", "attendance_id": "a1", "person_id": "p1", "description": "Plano"}
    told["person_name"] = "Rita"
    event = ReceivedEvent("e1", "c1", "o1", 1, dt.datetime(2031, 3, 5, tzinfo=dt.UTC), told)
    opened: Any = subscribers.on_sales_opportunity_created
    memory.run(lambda tx: opened.__wrapped__(tx, event))
    for attendance_id in (one["id"], "a1"):
        run(memory, entries_commands.record_entry, attendance_id=attendance_id, **NOTE)
    assert minor(memory, "entry_recorded") == [True, False]
    assert minor(memory, "attendance_opened") == [False, False]


def test_of_an_attendance_that_may_be_a_conversation_sales_hears() -> None:
    """It was opened by a version that did not say."""
    memory = office()
    one = run(memory, attendances_commands.open_attendance, **OPENED)
    memory.collection("attendances").kept[one["id"]].pop("of_opportunity")
    run(memory, entries_commands.record_entry, attendance_id=one["id"], **NOTE)
    assert minor(memory, "entry_recorded") == [False]


def minor(memory: Memory, name: str) -> list[bool]:
    return [row["minor"] for row in memory.documents("outbox") if row["name"] == name]
