"""Reading attendances: one, by filters, of production, and summaries for reports (rows A11, A15 to A17)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.attendance.attendances import contract
from services.attendance.attendances.model.attendance import ACTIVE, ARCHIVED, TRASHED, Attendance
from services.attendance.attendances.query_repository import KINDS, AttendanceFilter
from services.attendance.entries.stepping import next_of
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import attendance_of, sees_type, type_of
from services.attendance.types.model.branch import leaves_of
from services.chassis.days import start_of_day
from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById

Data = dict[str, Any]

FIRST_PAGE = 20


@query(takes=ById, gives=shared_contract.Attendance, needs="attendance.read", section="attendances")
def get_attendance(session: AttendanceSession, data: dict[str, Any]) -> Attendance:
    return attendance_of(session, data["id"])


@query(
    takes=shared_contract.OfAttendance, gives=contract.AttendanceDetails, needs="attendance.read", section="attendances"
)
def get_attendance_details(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A11."""
    return details_of(session, attendance_of(session, data["attendance_id"]))


def details_of(session: AttendanceSession, attendance: Attendance) -> dict[str, Any]:
    """The attendance with its person, what its type says, and the next step."""
    attendance_type = type_of(session, attendance)
    return {
        "attendance": attendance,
        "person": person_of(session, attendance),
        "priority": attendance_type.priority if attendance_type else None,
        "colour": attendance_type.colour if attendance_type else None,
        "next": next_of(session, attendance),
    }


def person_of(session: AttendanceSession, attendance: Attendance) -> dict[str, str]:
    """The attendance's person as a reference: id and name. Raises what Replicas.get raises."""
    person = session.persons.get(attendance.person_id)
    return {"id": person["_id"], "name": person["name"]}


@query(
    takes=contract.QueryAttendances,
    gives=shared_contract.CompanyAttendancePage,
    needs="attendance.read",
    section="attendances",
)
def list_company_attendances(session: AttendanceSession, data: Data) -> Data:
    """Row A16; raises NotFound("type_not_found") or Conflict("branch_too_wide")."""
    if data["reference"] is not None:
        filed = (TRASHED,) if data["filed"] == TRASHED else (ACTIVE, ARCHIVED)
        found = session.queries.of_reference(data["reference"], filed)
        return _seen_page(session, {"items": found, "next_cursor": None})
    types = leaves_of(data["type_id"], session.types.all()) if data["type_id"] else None
    wanted = AttendanceFilter(
        status=(data["status"],),
        filed=(data["filed"],),
        named={kind: data[f"{kind}_id"] for kind in ("person", *KINDS) if data[f"{kind}_id"]},
        types=_visible_types(session, types),
        since=_midnight(session, data["opened_from"]),
        until=_midnight(session, data["opened_to"], days=1),
    )
    return _page(session, wanted, data)


@query(
    takes=contract.ListAttendances, gives=shared_contract.AttendancePage, needs="attendance.read", section="attendances"
)
def list_attendances(session: AttendanceSession, data: Data) -> Data:
    """Row A16: a person's attendances, newest first. A page is short where types or flows are hidden."""
    states = [] if data["include_closed"] else data["status"]
    page = session.queries.of_one_person(
        data["person_id"], states, data["limit"], data["cursor"], counted=data["counted"]
    )
    return _seen_page(session, page)


def first_page_of_person(session: AttendanceSession, person_id: str, states: list[str]) -> Data:
    """The first page of `list_attendances`, with its count."""
    return _seen_page(session, session.queries.of_one_person(person_id, states, FIRST_PAGE, None, counted=True))


@query(
    takes=contract.ListProduction,
    gives=shared_contract.CompanyAttendancePage,
    needs="attendance.read",
    section="production",
)
def list_production(session: AttendanceSession, data: Data) -> Data:
    """Row A17: attendances of the types under the company's group of production, newest first.

    Raises Conflict("production_not_configured" or "branch_too_wide").
    """
    group = session.set_up.production_type_id
    all_types = session.types.all()
    if group is None or group not in {node.id for node in all_types}:
        detail = "A empresa ainda não informou o grupo de tipos da produção (production_type_id)."
        raise Conflict("production_not_configured", detail)
    named = {"person": data["person_id"]} if data["person_id"] else {}
    types = _visible_types(session, leaves_of(group, all_types))
    wanted = AttendanceFilter(status=(data["status"],), named=named, types=types)
    return _page(session, wanted, data, counted=data["counted"])


def _visible_types(session: AttendanceSession, types: list[str] | None) -> list[str] | None:
    return types if types is None else [type_id for type_id in types if sees_type(session, type_id)]


def _page(session: AttendanceSession, wanted: AttendanceFilter, data: Data, *, counted: bool = False) -> Data:
    return _seen_page(session, session.queries.opened(wanted, data["limit"], data["cursor"], counted=counted))


def _seen_page(session: AttendanceSession, page: Data) -> Data:
    return {**page, "items": [row for row in page["items"] if sees_type(session, row.type_id)]}


def _midnight(session: AttendanceSession, day: dt.date | None, days: int = 0) -> dt.datetime | None:
    """The beginning (UTC) of `day` plus `days` in the company's time zone; None without a day."""
    if day is None:
        return None
    return start_of_day(day + dt.timedelta(days=days), session.zone.get())


@query(takes=contract.ListSummaries, gives=contract.Summaries, needs="attendance.read", section="attendances")
def list_summaries(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A15: the summaries in the order of `ids`.

    Raises NotFound("attendance_not_found") if the user may not see one, Conflict("attendance_trashed").
    """
    items = [_summary(session, attendance_id) for attendance_id in data["ids"]]
    return {"items": items, "time_zone": session.zone.get().key}


def _summary(session: AttendanceSession, attendance_id: str) -> dict[str, Any]:
    attendance = attendance_of(session, attendance_id)
    attendance.require_kept()
    return {
        "attendance": attendance,
        "person": person_of(session, attendance),
        "first_entry": session.entries.first(attendance.id),
    }
