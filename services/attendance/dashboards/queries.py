"""Open attendances by center and age, from one lean read of an index: bounded, and as the user sees them."""

from __future__ import annotations

from typing import Any

from services.attendance.attendances.listing import ANY
from services.attendance.dashboards import contract
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import centers_of, today
from services.chassis.handling.entrypoints import query
from services.chassis.storage.rows import Document

Data = dict[str, Any]
# The most attendances that are counted.
MOST = 20_000
# Days since the opening, both included.
AGES: tuple[tuple[int, int | None], ...] = ((0, 1), (2, 7), (8, 30), (31, 90), (91, None))
ME = "me"


@query(takes=contract.GetAgesByCenter, gives=contract.AgesByCenter, needs="attendance.read", section="attendances")
def get_ages_by_center(session: AttendanceSession, data: Data) -> Data:
    user_id = session.actor.id if data["user_id"] == ME else data["user_id"]
    found = session.queries.oldest_open(f"user:{user_id}" if user_id else ANY, MOST + 1)
    counted = found[:MOST]
    centers = centers_of(session) if counted else {}
    groups: dict[str | None, list[Document]] = {}
    for row in counted:
        groups.setdefault(row["center_id"] if row["center_id"] in centers else None, []).append(row)
    items = [_center(session, centers.get(center_id or ""), rows) for center_id, rows in groups.items()]
    ordered = sorted(items, key=lambda item: (-item["count"], item["center"].name if item["center"] else ""))
    return {"items": ordered, "count": len(counted), "exact": len(found) <= MOST}


def _center(session: AttendanceSession, center: Any, rows: list[Document]) -> Data:
    zone, day = session.zone.get(), today(session)
    days = [(day - row["opened_at"].astimezone(zone).date()).days for row in rows]
    ages = [
        {"from_days": first, "to_days": last, "count": sum(_within(age, first, last) for age in days)}
        for first, last in AGES
    ]
    overdue = sum(row["due_at"] is not None and row["due_at"] < session.now for row in rows)
    return {"center": center, "count": len(rows), "overdue": overdue, "ages": ages}


def _within(age: int, first: int, last: int | None) -> bool:
    return first <= age and (last is None or age <= last)
