"""Reading the critical factors of the company, a person or a center (row A18)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.attendance.attendances.listing import ANY
from services.attendance.attendances.query_repository import of_person
from services.attendance.critical import contract
from services.attendance.critical.loading import rules_of
from services.attendance.critical.model import Factor
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import centers_of, sees_type
from services.chassis.handling.entrypoints import query
from services.chassis.pages import any_of, cursor_of, moment, read_cursor, whole, word

Data = dict[str, Any]

# One response judges at most BATCH * BATCHES attendances; then its cursor goes on.
BATCH, BATCHES = 100, 5
# The number of the window (Rules.windows), and the due date and id to go on after, None at the window's beginning.
Place = tuple[int, tuple[dt.datetime, str] | None]


@query(takes=contract.ListCritical, gives=contract.CriticalPage, needs="attendance.read", section="attendances")
def list_critical_factors(session: AttendanceSession, data: Data) -> Data:
    """Row A18: overdue factors first. A short or empty page may have a cursor, too: read on until it is null."""
    facet = f"center:{data['center_id']}" if data["center_id"] else ANY
    concerning = {**of_person(data["person_id"]), "facets": facet}
    place: Place | None = _place(data["cursor"])
    found: list[Data] = []
    for _ in range(BATCHES):
        if place is not None and len(found) < data["limit"]:
            batch, place = _judge_batch(session, concerning, place, data["limit"] - len(found))
            found += batch
    return {"items": _by_center(session, found), "next_cursor": _cursor(place)}


def _judge_batch(
    session: AttendanceSession, concerning: Data, place: Place, wanted: int
) -> tuple[list[Data], Place | None]:
    """Reads the next batch after `place`: its critical factors, at most `wanted`, and the place to go on after."""
    rules = rules_of(session)
    window, after = place
    windows = rules.windows(session.now)
    attendances, following = session.queries.due(concerning, windows[window], after, BATCH)
    found: list[Data] = []
    for attendance in attendances:
        factor = rules.judge(attendance.due_at, attendance.type_id, session.now)
        if factor is not None and _belongs(factor, window) and sees_type(session, attendance.type_id):
            found.append({**vars(factor), "attendance": attendance})
            if len(found) == wanted and attendance.due_at is not None:
                return found, (window, (attendance.due_at, attendance.id))
    if following is not None:
        return found, (window, following)
    return found, (window + 1, None) if window + 1 < len(windows) else None


def _belongs(factor: Factor, window: int) -> bool:
    """Whether the factor is of this window's kind: the windows overlap, and each factor must appear once."""
    return (factor.kind == "overdue") is (window == 0)


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
    window, due_at, attendance_id = read_cursor(cursor, whole, any_of(moment, word), word)
    if not isinstance(due_at, dt.datetime):
        return int(window == 1), None  # the beginning of a window
    return int(window == 1), (due_at, attendance_id)


def _cursor(place: Place | None) -> str | None:
    if place is None:
        return None
    window, after = place
    return cursor_of(window, *(after or ("", "")))
