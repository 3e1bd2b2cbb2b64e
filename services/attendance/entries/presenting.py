"""Entries as they appear in responses."""

from __future__ import annotations

from typing import Any

from services.attendance.attendances.model.attendance import Attendance
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import type_of


def name_standard_texts(session: AttendanceSession, attendance: Attendance, page: dict[str, Any]) -> dict[str, Any]:
    """The page of an attendance's entries, each with the name of the standard text it was made with, from the type."""
    if not any(entry.standard_text_id for entry in page["items"]):
        return page
    kind = type_of(session, attendance)
    names = {text.id: text.name for text in kind.standard_texts} if kind else {}
    return {
        **page,
        "items": [{**vars(entry), "standard_text_name": names.get(entry.standard_text_id)} for entry in page["items"]],
    }
