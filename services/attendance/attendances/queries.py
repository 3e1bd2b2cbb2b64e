"""Attendances: one, by whom and what they concern, those of production, and what reports need (rows A11, A15 to
A17).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.attendance.attendances import contract
from services.attendance.attendances.model.attendance import ACTIVE, ARCHIVED, CLOSED, OPEN, Attendance
from services.attendance.attendances.query_repository import KINDS, Question
from services.attendance.entries.stepping import next_of
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import attendance_of, sees_type, type_of
from services.attendance.types.model.branch import leaves_of
from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById


@query(takes=ById, gives=shared_contract.Attendance, needs="attendance.read", section="attendances")
def get_attendance(session: AttendanceSession, data: dict[str, Any]) -> Attendance:
    return attendance_of(session, data["id"])


@query(
    takes=shared_contract.OfAttendance, gives=contract.AttendanceDetails, needs="attendance.read", section="attendances"
)
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


Data = dict[str, Any]


@query(
    takes=contract.QueryAttendances,
    gives=shared_contract.AttendancePage,
    needs="attendance.read",
    section="attendances",
)
def list_company_attendances(session: AttendanceSession, data: Data) -> Data:
    """Row A16; raises NotFound("type_not_found") or Conflict("branch_too_wide")."""
    types = leaves_of(data["type_id"], session.types.all()) if data["type_id"] else None
    question = Question(
        status=(data["status"],),
        filed=(data["filed"],),
        named={kind: data[f"{kind}_id"] for kind in ("person", *KINDS) if data[f"{kind}_id"]},
        types=_visible_types(session, types),
        since=_midnight(session, data["opened_from"]),
        until=_midnight(session, data["opened_to"], days=1),
    )
    return _page(session, question, data)


@query(
    takes=contract.ListAttendances, gives=shared_contract.AttendancePage, needs="attendance.read", section="attendances"
)
def list_attendances(session: AttendanceSession, data: Data) -> Data:
    """Of a person, newest first; a page may be short where types or flows are hidden, and its cursor goes on."""
    status = (OPEN, CLOSED) if data["include_closed"] else (OPEN,)
    return _page(session, Question(status, (ACTIVE, ARCHIVED), named={"person": data["person_id"]}), data)


@query(
    takes=contract.ListProduction, gives=shared_contract.AttendancePage, needs="attendance.read", section="production"
)
def list_production(session: AttendanceSession, data: Data) -> Data:
    """Row A17: of the types under the group that the company calls production.

    Raises Conflict("production_not_configured" or "branch_too_wide").
    """
    group = session.set_up.production_type_id
    known = session.types.all()
    if group is None or group not in {one.id for one in known}:
        detail = "A empresa ainda não informou o grupo de tipos da produção (production_type_id)."
        raise Conflict("production_not_configured", detail)
    named = {"person": data["person_id"]} if data["person_id"] else {}
    types = _visible_types(session, leaves_of(group, known))
    return _page(session, Question(status=(data["status"],), named=named, types=types), data)


def _visible_types(session: AttendanceSession, types: list[str] | None) -> list[str] | None:
    return types if types is None else [one for one in types if sees_type(session, one)]


def _page(session: AttendanceSession, question: Question, data: Data) -> Data:
    found = session.queries.opened(question, data["limit"], data["cursor"])
    return {**found, "items": [one for one in found["items"] if sees_type(session, one.type_id)]}


def _midnight(session: AttendanceSession, day: dt.date | None, days: int = 0) -> dt.datetime | None:
    """When a day of the company begins, `days` later."""
    if day is None:
        return None
    return dt.datetime.combine(day + dt.timedelta(days=days), dt.time(), session.zone.get()).astimezone(dt.UTC)


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
