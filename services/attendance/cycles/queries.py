"""Reading service cycles, and the cycle of an attendance with its answers (rows A3, A12)."""

from __future__ import annotations

from typing import Any

from services.attendance.cycles import contract
from services.attendance.cycles.presenting import present_cycle, present_set_up_cycle
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import attendance_of, cycle_of
from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query


@query(
    takes=shared_contract.OfAttendance, gives=contract.CycleOfAttendance, needs="attendance.read", section="attendances"
)
def get_cycle(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """The questions of the current center and the earlier ones, with their answers."""
    attendance = attendance_of(session, data["attendance_id"])
    return present_cycle(session, attendance, cycle_of(session, attendance))


@query(takes=shared_contract.Keyed, gives=contract.Cycle, needs="attendance.read", section=CONFIGURATION)
def get_service_cycle(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    return present_set_up_cycle(session.cycles.get(data["id"]))


@query(takes=shared_contract.Everything, gives=contract.CycleList, needs="attendance.read", section=CONFIGURATION)
def list_cycles(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    return {"items": [present_set_up_cycle(cycle) for cycle in session.cycles.all()]}
