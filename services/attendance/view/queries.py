"""The screen of one attendance in one call (rows A8, A9, A11, A12, A14), and the attendances of a person's (row G1)."""

from __future__ import annotations

from typing import Any

from services.attendance.attendances.model.attendance import ACTIVE, OPEN
from services.attendance.attendances.queries import details_of, first_page_of_person
from services.attendance.critical.queries import count_of_person
from services.attendance.cycles.presenting import present_cycle
from services.attendance.entries.presenting import name_standard_texts
from services.attendance.entries.queries import fill_standard_texts
from services.attendance.filing.queries import neighbours_of
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import attendance_of, cycle_of
from services.attendance.view import contract
from services.chassis.handling.entrypoints import query

PAGE = 20


@query(takes=contract.GetAttendanceView, gives=contract.AttendanceView, needs="attendance.read", section="attendances")
def get_attendance_view(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Raises NotFound("attendance_not_found"); and with a flow what get_neighbours raises."""
    attendance = attendance_of(session, data.pop("attendance_id"))
    files = session.attachments
    return {
        "details": details_of(session, attendance),
        "entries": name_standard_texts(session, attendance, session.entries.of_attendance(attendance.id, PAGE, None)),
        "cycle": present_cycle(session, attendance, cycle_of(session, attendance)),
        "draft": session.drafts.find(session.actor.id, attendance.person_id, attendance.id),
        "standard_texts": fill_standard_texts(session, attendance),
        "attachments": files.of_attendance(attendance.id, None, PAGE, None),
        "staged": files.of_attendance(attendance.id, session.actor.id, PAGE, None),
        "neighbours": neighbours_of(session, attendance, data) if data["flow_id"] else None,
    }


@query(
    takes=contract.GetPersonAttendances,
    gives=contract.PersonAttendances,
    needs="attendance.read",
    section="attendances",
)
def get_person_attendances(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row G1: the person's attendances and the count of their critical factors.

    One read serves both where the first page holds all open attendances.
    """
    page = first_page_of_person(session, data["person_id"], data["status"])
    whole = OPEN in data["status"] and page["next_cursor"] is None
    known = [one for one in page["items"] if one.status == OPEN and one.filed == ACTIVE] if whole else None
    return {"attendances": page, "critical_factors": count_of_person(session, data["person_id"], known)}
