"""The company's rules for critical factors, from its settings and types (row A18)."""

from __future__ import annotations

from collections.abc import Sequence

from services.attendance.critical.model import CriticalTypes, Rules, Window
from services.attendance.session import AttendanceSession
from services.attendance.types.model.types import Type


def rules_of(session: AttendanceSession) -> Rules:
    return _rules(session, session.types.all())


def windows_of(session: AttendanceSession) -> tuple[Window, Window]:
    """`Rules.windows` at the present time. They do not depend on types, which are not read."""
    return _rules(session, ()).windows(session.now)


def _rules(session: AttendanceSession, types: Sequence[Type]) -> Rules:
    settings = session.set_up
    zone = session.zone.get()
    return Rules(settings.critical_overdue_days, settings.near_due_days, zone, CriticalTypes(types))
