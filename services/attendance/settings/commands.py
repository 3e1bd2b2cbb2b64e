"""Changing the company's settings: columns of lists, types of production, days of critical factors (A13, A17, A18)."""

from __future__ import annotations

from typing import Any

from services.attendance.session import AttendanceSession
from services.attendance.settings import contract
from services.attendance.settings.model import Settings
from services.attendance.types.model.branch import leaves_of
from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import command


@command(
    takes=contract.ChangeAttendanceSettings,
    gives=contract.AttendanceSettings,
    needs="attendance.configure",
    section=CONFIGURATION,
)
def change_settings(tx: AttendanceSession, data: dict[str, Any]) -> Settings:
    """Raises Invalid("columns_invalid"), or for `production_type_id` NotFound("type_not_found") or
    Conflict("branch_too_wide").
    """
    settings = tx.settings.get()
    if data.get("production_type_id"):
        leaves_of(data["production_type_id"], tx.types.all())
    settings.change(data)
    tx.settings.save(settings)
    return settings
