"""What reports and prints need of attendances (row A15); they are made in the gateway."""

from __future__ import annotations

from typing import Any

from services.attendance import contract
from services.attendance.store import AttendanceSession
from services.attendance.use_cases.looking import attendance_of
from services.chassis.entrypoints import query


@query(takes=contract.ListSummaries, gives=contract.Summaries, needs="attendance.read", section="attendances")
def list_summaries(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """In the order asked for; raises NotFound("attendance_not_found") when one of them is not seen.

    Raises Conflict("attendance_trashed"): what lies in the trash is on no paper.
    """
    items = [_summary(session, attendance_id) for attendance_id in data["ids"]]
    return {"items": items, "time_zone": session.zone.get().key}


def _summary(session: AttendanceSession, attendance_id: str) -> dict[str, Any]:
    attendance = attendance_of(session, attendance_id)
    attendance.require_kept()
    return {
        "attendance": attendance,
        "person_name": session.persons.get(attendance.person_id)["name"],
        "first_entry": session.entries.first(attendance.id),
    }
