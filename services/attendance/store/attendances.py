"""Attendances and their entries."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.attendance.domain import Attendance, Entry
from services.chassis.errors import NotFound
from services.chassis.mongo import Document, Index, TenantCollection, after, page

INDEXES = (
    Index("attendances", [("person_id", 1), ("opened_at", -1), ("_id", -1)]),
    Index("entries", [("attendance_id", 1), ("recorded_at", -1), ("_id", -1)]),
)


class Attendances:
    def __init__(self, documents: TenantCollection, numbers: TenantCollection) -> None:
        self._documents = documents
        self._numbers = numbers

    def next_reference(self) -> int:
        return self._numbers.next_numbers("attendance_reference")[0]

    def has(self, attendance_id: str) -> bool:
        return self._documents.find_one({"_id": attendance_id}) is not None

    def get(self, attendance_id: str) -> Attendance:
        found = self._documents.find_one({"_id": attendance_id})
        if found is None:
            raise NotFound("attendance_not_found", "Atendimento não encontrado.")
        return _attendance(found)

    def add(self, attendance: Attendance) -> None:
        self._documents.insert(_document(attendance))

    def save(self, attendance: Attendance) -> None:
        attendance.version += 1
        self._documents.replace(_document(attendance))

    def of_person(self, person_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        where = {"person_id": person_id, **after(cursor, "opened_at")}
        found = self._documents.find(where, [("opened_at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "opened_at", _attendance)


class Entries:
    """The timeline of an attendance; entries are never changed."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, entry: Entry) -> None:
        self._documents.insert(_document(entry))

    def of_attendance(self, attendance_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        where = {"attendance_id": attendance_id, **after(cursor, "recorded_at")}
        found = self._documents.find(where, [("recorded_at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "recorded_at", _entry)


def _document(record: Attendance | Entry) -> Document:
    fields = asdict(record)
    return {"_id": fields.pop("id"), **fields}


def _attendance(found: Document) -> Attendance:
    return Attendance(id=found["_id"], **{k: v for k, v in found.items() if k not in ("_id", "company")})


def _entry(found: Document) -> Entry:
    return Entry(id=found["_id"], **{k: v for k, v in found.items() if k not in ("_id", "company")})
