"""Reading the critical factors of the company, a person or a center (row A18)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.attendance.attendances.listing import ANY
from services.attendance.attendances.model.attendance import Attendance
from services.attendance.attendances.query_repository import of_person
from services.attendance.critical import contract
from services.attendance.critical.loading import rules_of, windows_of
from services.attendance.critical.model import NEAR, OVERDUE, Rules
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import centers_of, sees_type
from services.chassis.counting import MOST_COUNTED
from services.chassis.handling.entrypoints import query
from services.chassis.pages import any_of, cursor_of, moment, read_cursor, whole, word

Data = dict[str, Any]

# One response judges at most BATCH * BATCHES attendances; then its cursor goes on.
BATCH, BATCHES = 100, 5
ME = "me"
# The parts of a list in their order: overdue factors before near ones, and of each those with a due date first.
PARTS = ((OVERDUE, "due_at"), (OVERDUE, "contact_date"), (NEAR, "due_at"), (NEAR, "contact_date"))
# Where a page goes on: the index of a part, and the date and id to go on after (None: the beginning of the part).
Place = tuple[int, tuple[Any, str] | None]


@query(takes=contract.ListCritical, gives=contract.CriticalPage, needs="attendance.read", section="attendances")
def list_critical_factors(session: AttendanceSession, data: Data) -> Data:
    """Row A18: overdue factors first. A short or empty page may have a cursor, too: read on until it is null."""
    found, place = _judged(session, _concerning(session, data), _place(data["cursor"]), data["limit"])
    return {"items": _by_center(session, found), "next_cursor": _cursor(place)}


@query(takes=contract.CountCritical, gives=contract.CriticalCount, needs="attendance.read", section="attendances")
def count_critical_factors(session: AttendanceSession, data: Data) -> Data:
    """Row A18: the number of critical factors, at most MOST_COUNTED; `exact` is false where there may be more."""
    return _count(session, _concerning(session, data))


def count_of_person(session: AttendanceSession, person_id: str, attendances: list[Attendance] | None) -> Data:
    """The number of a person's factors; `attendances`: all their open, active ones, where the caller has read them."""
    if attendances is None:
        return _count(session, {**of_person(person_id), "facets": ANY})
    dated = [one for one in attendances if one.due_at or one.contact_date]
    judged = _factors(session, rules_of(session), dated) if dated else []
    return {"count": len(judged), "exact": True}


def _count(session: AttendanceSession, concerning: Data) -> Data:
    overdue, near = windows_of(session)
    whole = overdue[0], near[1]
    found, following = session.queries.due(concerning, whole, None, BATCH)
    undated, further = session.queries.to_contact(concerning, _days(session, whole), None, BATCH)
    judged = _factors(session, rules_of(session), [*found, *undated]) if found or undated else []
    exact = len(judged) <= MOST_COUNTED and following is None and further is None
    return {"count": min(len(judged), MOST_COUNTED), "exact": exact}


def _concerning(session: AttendanceSession, data: Data) -> Data:
    """The filter of the attendances that `data` names; the user's facet comes first, as the more selective one."""
    user_id = session.actor.id if data["user_id"] == ME else data["user_id"]
    named = {"user": user_id, "center": data.get("center_id")}
    facets = [f"{kind}:{value}" for kind, value in named.items() if value]
    return {**of_person(data["person_id"]), "facets": {"$all": facets} if len(facets) > 1 else (*facets, ANY)[0]}


def _judged(
    session: AttendanceSession, concerning: Data, place: Place | None, limit: int
) -> tuple[list[Data], Place | None]:
    """At most `limit` factors after `place`, of a bounded number of attendances, and the place to go on after."""
    rules, found = rules_of(session), list[Data]()
    for _ in range(BATCHES):
        if place is not None and len(found) < limit:
            batch, place = _judge_batch(session, rules, concerning, place, limit - len(found))
            found += batch
    return found, place


def _judge_batch(
    session: AttendanceSession, rules: Rules, concerning: Data, place: Place, wanted: int
) -> tuple[list[Data], Place | None]:
    """Reads the next batch after `place`: its critical factors, at most `wanted`, and the place to go on after."""
    part, after = place
    kind, by = PARTS[part]
    window = rules.windows(session.now)[kind == NEAR]
    if by == "due_at":
        attendances, following = session.queries.due(concerning, window, after, BATCH)
    else:
        attendances, following = session.queries.to_contact(concerning, _days(session, window), after, BATCH)
    # the windows overlap, and each factor must appear once
    found = [one for one in _factors(session, rules, attendances) if one["kind"] == kind]
    if len(found) >= wanted:
        last = found[wanted - 1]["attendance"]
        return found[:wanted], (part, (_value(last, by), last.id))
    if following is not None:
        return found, (part, following)
    return found, (part + 1, None) if part + 1 < len(PARTS) else None


def _factors(session: AttendanceSession, rules: Rules, attendances: list[Attendance]) -> list[Data]:
    found: list[Data] = []
    for one in attendances:
        factor = rules.judge(one.due_at, one.type_id, session.now, one.contact_date)
        if factor is not None and sees_type(session, one.type_id):
            found.append({**vars(factor), "attendance": one})
    return found


def _days(session: AttendanceSession, window: tuple[dt.datetime | None, dt.datetime]) -> tuple[dt.date | None, dt.date]:
    """The days of the company's calendar whose end is in the window, and a day more at each side."""
    zone, day = session.zone.get(), dt.timedelta(days=1)
    first, last = window
    return first.astimezone(zone).date() - 2 * day if first else None, last.astimezone(zone).date() + day


def _value(attendance: Attendance, by: str) -> Any:
    """The date as it is stored, and written in a cursor."""
    value = getattr(attendance, by)
    return value if by == "due_at" else value.isoformat()


def _by_center(session: AttendanceSession, factors: list[Data]) -> list[Data]:
    centers = centers_of(session) if factors else {}
    groups: dict[str | None, Data] = {}
    for factor in factors:
        center_id = factor["attendance"].center_id
        name = centers[center_id].name if center_id in centers else None
        group = groups.setdefault(center_id, {"center_id": center_id, "center_name": name, "items": []})
        group["items"].append(factor)
    return list(groups.values())


def _place(cursor: str | None) -> Place:
    if cursor is None:
        return 0, None
    part, value, attendance_id = read_cursor(cursor, whole, any_of(moment, word), word)
    part = min(part, len(PARTS) - 1)
    fits = isinstance(value, dt.datetime) is (PARTS[part][1] == "due_at") and value != ""
    return part, (value, attendance_id) if fits else None  # else the beginning of the part


def _cursor(place: Place | None) -> str | None:
    if place is None:
        return None
    part, after = place
    return cursor_of(part, *(after or ("", "")))
