"""Opening attendances, recording entries, closing, listing (rows A7, A8, A16)."""

from __future__ import annotations

from typing import Any

from services.attendance import contract, domain
from services.attendance.store import AttendanceSession
from services.chassis.entrypoints import command, query
from services.chassis.schemas import ById, OfPerson


@command(takes=contract.OpenAttendance, gives=contract.Attendance, needs="attendance.write")
def open_attendance(tx: AttendanceSession, data: dict[str, Any]) -> domain.Attendance:
    """Row A7; raises NotFound("person_not_found")."""
    person = tx.persons.get(data["person_id"])
    attendance = open_on(tx, tx.new_id(), person["_id"], data["title"])
    if data["text"]:
        record(tx, attendance, person["name"], data["text"])
    return attendance


@command(takes=contract.RecordEntry, gives=contract.Entry, needs="attendance.write")
def record_entry(tx: AttendanceSession, data: dict[str, Any]) -> domain.Entry:
    """Row A8; raises Conflict("attendance_closed")."""
    attendance = tx.attendances.get(data["attendance_id"])
    person = tx.persons.get(attendance.person_id)
    return record(tx, attendance, person["name"], data["text"])


@command(takes=contract.CloseAttendance, gives=contract.Attendance, needs="attendance.write")
def close_attendance(tx: AttendanceSession, data: dict[str, Any]) -> domain.Attendance:
    attendance = tx.attendances.get(data["attendance_id"])
    attendance.close(at=tx.now)
    tx.attendances.save(attendance)
    closed = {"attendance_id": attendance.id, "person_id": attendance.person_id}
    tx.publish(contract.ATTENDANCE_CLOSED, attendance.id, attendance.version, **closed)
    return attendance


@query(takes=ById, gives=contract.Attendance, needs="attendance.read")
def get_attendance(session: AttendanceSession, data: dict[str, Any]) -> domain.Attendance:
    return session.attendances.get(data["id"])


@query(takes=OfPerson, gives=contract.AttendancePage, needs="attendance.read")
def list_attendances(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    return session.attendances.of_person(**data)


@query(takes=contract.ListEntries, gives=contract.EntryPage, needs="attendance.read")
def list_entries(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    session.attendances.get(data["attendance_id"])
    return session.entries.of_attendance(**data)


def open_on(tx: AttendanceSession, attendance_id: str, person_id: str, title: str) -> domain.Attendance:
    reference = tx.attendances.next_reference()
    attendance = domain.Attendance.open(
        id=attendance_id, person_id=person_id, title=title, reference=reference, at=tx.now
    )
    tx.attendances.add(attendance)
    opened = {"attendance_id": attendance.id, "person_id": person_id, "title": title}
    tx.publish(contract.ATTENDANCE_OPENED, attendance.id, attendance.version, **opened)
    return attendance


def record(tx: AttendanceSession, attendance: domain.Attendance, person_name: str, text: str) -> domain.Entry:
    entry = attendance.record(id=tx.new_id(), author=tx.actor.id, author_name=tx.actor.name, text=text, at=tx.now)
    tx.entries.add(entry)
    tx.attendances.save(attendance)
    tx.publish(
        contract.ENTRY_RECORDED,
        attendance.id,
        attendance.version,
        attendance_id=attendance.id,
        entry_id=entry.id,
        person_id=attendance.person_id,
        person_name=person_name,
        title=attendance.title,
        text=entry.text,
        author_name=entry.author_name,
        recorded_at=entry.recorded_at,
    )
    return entry
