"""The company's rules for critical factors, from its settings and types (row A18)."""

from __future__ import annotations

from services.attendance.critical.model import Lists, Rules
from services.attendance.session import AttendanceSession


def rules_of(session: AttendanceSession) -> Rules:
    return days_of(session, Lists(session.types.all()))


def days_of(session: AttendanceSession, lists: Lists | None = None) -> Rules:
    """The same without the types: enough to know what to read, and not to judge it."""
    set_up = session.set_up
    return Rules(set_up.critical_overdue_days, set_up.near_due_days, session.zone.get(), lists or Lists(()))
