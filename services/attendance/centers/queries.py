"""Reading responsibility centers (row A1)."""

from __future__ import annotations

from typing import Any

from services.attendance.centers import contract
from services.attendance.centers.model import Center
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query


@query(takes=shared_contract.Keyed, gives=contract.Center, needs="attendance.read", section=CONFIGURATION)
def get_center(session: AttendanceSession, data: dict[str, Any]) -> Center:
    return session.centers.get(data["id"])


@query(takes=shared_contract.Everything, gives=contract.CenterList, needs="attendance.read", section=CONFIGURATION)
def list_centers(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    return {"items": session.centers.all()}
