"""The rules of `attendance`. No framework, store or clock may enter."""

from __future__ import annotations

from services.attendance.domain.attendance import CLOSED, OPEN, Attendance, Entry

__all__ = ["CLOSED", "OPEN", "Attendance", "Entry"]
