"""Reading the entries of an attendance, its standard texts, and its next step (rows A8, A11)."""

from __future__ import annotations

from typing import Any

from services.attendance.attendances.model.attendance import TRASHED, Attendance
from services.attendance.entries import contract
from services.attendance.entries.presenting import name_standard_texts
from services.attendance.entries.stepping import next_of, text_values
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import attendance_of, type_of
from services.attendance.types.model.texts import fill_or_cut
from services.chassis.handling.entrypoints import query


@query(takes=contract.ListEntries, gives=contract.EntryPage, needs="attendance.read", section="attendances")
def list_entries(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A11: newest first; all, or only those made with a standard text."""
    attendance = attendance_of(session, data["attendance_id"])
    return name_standard_texts(session, attendance, session.entries.of_attendance(**data))


@query(takes=contract.ListEntriesInTime, gives=contract.EntryPage, needs="attendance.read", section="attendances")
def list_entries_in_time(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row S21: entries for a timeline over several services, latest first; none of a trashed attendance."""
    attendance = attendance_of(session, data["attendance_id"])
    if attendance.filed == TRASHED:
        return {"items": [], "next_cursor": None}
    return name_standard_texts(session, attendance, session.entries.in_time(**data))


@query(takes=shared_contract.OfAttendance, gives=contract.FilledTexts, needs="attendance.read", section="attendances")
def list_standard_texts(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A8: the standard texts of the attendance's type, with their variables filled in."""
    return {"items": fill_standard_texts(session, attendance_of(session, data["attendance_id"]))}


def fill_standard_texts(session: AttendanceSession, attendance: Attendance) -> list[dict[str, Any]]:
    kind = type_of(session, attendance)
    if kind is None or not kind.standard_texts:
        return []
    values = text_values(session, attendance, session.persons.get(attendance.person_id), kind)
    return [{**vars(text), "text": fill_or_cut(text.text, values)} for text in kind.standard_texts]


@query(takes=shared_contract.OfAttendance, gives=contract.Next, needs="attendance.read", section="attendances")
def get_next_step(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    return next_of(session, attendance_of(session, data["attendance_id"]))
