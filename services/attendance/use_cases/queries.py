"""Attendances by who and what they concern, and those of production (rows A16, A17)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.attendance import contract
from services.attendance.domain import ACTIVE, ARCHIVED, CLOSED, OPEN
from services.attendance.domain.branch import leaves_of
from services.attendance.store import AttendanceSession
from services.attendance.store.queries import KINDS, Question
from services.attendance.use_cases.looking import sees_type
from services.chassis.entrypoints import query
from services.chassis.errors import Conflict

Data = dict[str, Any]


@query(takes=contract.QueryAttendances, gives=contract.AttendancePage, needs="attendance.read", section="attendances")
def list_company_attendances(session: AttendanceSession, data: Data) -> Data:
    """Row A16; raises NotFound("type_not_found") or Conflict("branch_too_wide")."""
    types = leaves_of(data["type_id"], session.types.all()) if data["type_id"] else None
    question = Question(
        status=(data["status"],),
        filed=(data["filed"],),
        named={kind: data[f"{kind}_id"] for kind in ("person", *KINDS) if data[f"{kind}_id"]},
        types=_seen(session, types),
        since=_midnight(session, data["opened_from"]),
        until=_midnight(session, data["opened_to"], days=1),
    )
    return _page(session, question, data)


@query(takes=contract.ListAttendances, gives=contract.AttendancePage, needs="attendance.read", section="attendances")
def list_attendances(session: AttendanceSession, data: Data) -> Data:
    """Of a person, newest first; a page may be short where types or flows are hidden, and its cursor goes on."""
    status = (OPEN, CLOSED) if data["include_closed"] else (OPEN,)
    return _page(session, Question(status, (ACTIVE, ARCHIVED), named={"person": data["person_id"]}), data)


@query(takes=contract.ListProduction, gives=contract.AttendancePage, needs="attendance.read", section="production")
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
    types = _seen(session, leaves_of(group, known))
    return _page(session, Question(status=(data["status"],), named=named, types=types), data)


def _seen(session: AttendanceSession, types: list[str] | None) -> list[str] | None:
    return types if types is None else [one for one in types if sees_type(session, one)]


def _page(session: AttendanceSession, question: Question, data: Data) -> Data:
    found = session.queries.opened(question, data["limit"], data["cursor"])
    return {**found, "items": [one for one in found["items"] if sees_type(session, one.type_id)]}


def _midnight(session: AttendanceSession, day: dt.date | None, days: int = 0) -> dt.datetime | None:
    """When a day of the company begins, `days` later."""
    if day is None:
        return None
    return dt.datetime.combine(day + dt.timedelta(days=days), dt.time(), session.zone.get()).astimezone(dt.UTC)
