"""Reading, changing and closing attendances (rows A11, A16)."""

from __future__ import annotations

from typing import Any

from services.attendance import contract, domain
from services.attendance.store import AttendanceSession
from services.attendance.use_cases.looking import attendance_of, type_of
from services.attendance.use_cases.moving import next_of
from services.attendance.use_cases.telling import announce_change, close, explain, said_of
from services.chassis.entrypoints import command, query
from services.chassis.errors import Conflict
from services.chassis.schemas import ById

CLOSE_OUTSIDE = "attendance.supervise"


@command(takes=contract.CloseAttendance, gives=contract.Attendance, needs="attendance.write", section="attendances")
def close_attendance(tx: AttendanceSession, data: dict[str, Any]) -> domain.Attendance:
    """Without a workflow; one that follows a workflow is closed by its centers, or by a supervisor.

    Raises Conflict("attendance_already_closed" or "attendance_follows_workflow").
    """
    attendance = attendance_of(tx, data["attendance_id"])
    follows = attendance.workflow_id is not None and attendance.status == domain.OPEN
    if follows and not tx.actor.holds(CLOSE_OUTSIDE):
        raise Conflict(
            "attendance_follows_workflow",
            "O workflow encerra este atendimento: encaminhe-o a um centro que encerre o processo.",
        )
    close(tx, attendance, "Encerrado fora do workflow." if follows else "Encerrado.")
    return attendance


@command(takes=contract.ChangeAttendance, gives=contract.Attendance, needs="attendance.write", section="attendances")
def change_attendance(tx: AttendanceSession, data: dict[str, Any]) -> domain.Attendance:
    """Row A11: subject and internal contact date; raises Conflict("attendance_closed")."""
    attendance = attendance_of(tx, data.pop("attendance_id"))
    attendance.require_open()
    before = {name: getattr(attendance, name) for name in data}
    changed = {name: value for name, value in data.items() if value != before[name]}
    if "title" in changed:
        attendance.rename(changed["title"])
    if "internal_contact_date" in changed:
        attendance.plan_internal_contact(changed["internal_contact_date"])
    if changed:
        text = "\n".join(said_of(name, before[name], value) for name, value in changed.items())
        facts = {name: [_plain(before[name]), _plain(value)] for name, value in changed.items()}
        explain(tx, attendance, domain.CHANGE, text, data=facts)
        announce_change(tx, attendance, *changed)
    return attendance


@query(takes=ById, gives=contract.Attendance, needs="attendance.read", section="attendances")
def get_attendance(session: AttendanceSession, data: dict[str, Any]) -> domain.Attendance:
    return attendance_of(session, data["id"])


@query(takes=contract.OfAttendance, gives=contract.AttendanceDetails, needs="attendance.read", section="attendances")
def get_attendance_details(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A11: with the names behind the ids, and the next step."""
    attendance = attendance_of(session, data["attendance_id"])
    kind = type_of(session, attendance)
    center = session.centers.find(attendance.center_id) if attendance.center_id else None
    workflow = session.workflows.find(attendance.workflow_id) if attendance.workflow_id else None
    return {
        "attendance": attendance,
        "person_name": session.persons.get(attendance.person_id)["name"],
        "type_name": kind.name if kind else None,
        "priority": kind.priority if kind else None,
        "colour": kind.colour if kind else None,
        "center_name": center.name if center else None,
        "workflow_name": workflow.name if workflow else None,
        "next": next_of(session, attendance),
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else value.isoformat()
