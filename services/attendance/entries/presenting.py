"""Entries as they appear in responses."""

from __future__ import annotations

from typing import Any

from services.attendance.attendances.model.attendance import Attendance
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import type_of


def with_texts_named(session: AttendanceSession, attendance: Attendance, page: dict[str, Any]) -> dict[str, Any]:
    """A page of an attendance's entries, with the names of the standard texts that they were made with, as the
    attendance's type calls them."""
    if not any(entry.standard_text_id for entry in page["items"]):
        return page
    kind = type_of(session, attendance)
    names = {text.id: text.name for text in kind.standard_texts} if kind else {}
    return {
        **page,
        "items": [{**vars(one), "standard_text_name": names.get(one.standard_text_id)} for one in page["items"]],
    }
