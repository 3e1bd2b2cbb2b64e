"""Reading the company's settings (rows A13, A17, A18)."""

from __future__ import annotations

from typing import Any

from services.attendance.session import AttendanceSession
from services.attendance.settings import contract
from services.attendance.settings.model import Settings
from services.attendance.shared import contract as shared_contract
from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query


@query(takes=shared_contract.NoInput, gives=contract.AttendanceSettings, needs="attendance.read", section=CONFIGURATION)
def get_settings(session: AttendanceSession, data: dict[str, Any]) -> Settings:
    return session.settings.get()
