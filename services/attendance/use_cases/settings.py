"""The company's settings: columns of the lists, production's branch, the days of the critical factors."""

from __future__ import annotations

from typing import Any

from services.attendance import contract
from services.attendance.domain.branch import leaves_of
from services.attendance.domain.settings import Settings
from services.attendance.store import AttendanceSession
from services.chassis.entrypoints import command, query
from services.chassis.sections import CONFIGURATION


@query(takes=contract.NoInput, gives=contract.AttendanceSettings, needs="attendance.read", section=CONFIGURATION)
def get_settings(session: AttendanceSession, data: dict[str, Any]) -> Settings:
    return session.settings.get()


@command(
    takes=contract.ChangeAttendanceSettings,
    gives=contract.AttendanceSettings,
    needs="attendance.configure",
    section=CONFIGURATION,
)
def change_settings(tx: AttendanceSession, data: dict[str, Any]) -> Settings:
    """Raises Invalid("columns_invalid"), or NotFound("type_not_found") for production's."""
    settings = tx.settings.get()
    if data.get("production_type_id"):
        leaves_of(data["production_type_id"], tx.types.all())
    settings.change(data)
    tx.settings.save(settings)
    return settings
