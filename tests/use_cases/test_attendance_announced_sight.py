"""What attendance tells other services of who sees an attendance: its type, its flow, and the flow's users."""

from __future__ import annotations

from services.attendance.attendances import commands as attendances_commands
from services.attendance.entries import commands as entries_commands
from services.attendance.filing import commands as filing_commands
from services.attendance.flows import commands as flows_commands
from tests.support.builders.attendance_in_memory import FLOW, NOTE, OPENED, office, run, told


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
