"""Attendances of a person, and their entries."""

from __future__ import annotations

from typing import Any

from gateway.access import needs
from gateway.asking import ask, order
from gateway.blueprints.documents import JsonBlueprint, PageQuery, refuses
from services.attendance import contract

blp = JsonBlueprint("attendance", __name__, url_prefix="/v1", description="Atendimentos")


@blp.get("/persons/<string:person_id>/attendances")
@needs("attendance.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, contract.AttendancePage)
@refuses(blp)
def list_attendances(data: dict[str, Any], person_id: str) -> Any:
    return ask("attendance", "list_attendances", {**data, "person_id": person_id})


@blp.post("/persons/<string:person_id>/attendances")
@needs("attendance.write")
@blp.arguments(contract.OpenAttendance(exclude=("person_id",)))
@blp.response(201, contract.Attendance)
@refuses(blp, 404)
def open_attendance(data: dict[str, Any], person_id: str) -> Any:
    """Row A7."""
    return order("attendance", "open_attendance", contract.OpenAttendance, data, person_id=person_id)


@blp.get("/attendances/<string:attendance_id>")
@needs("attendance.read")
@blp.response(200, contract.Attendance)
@refuses(blp, 404)
def get_attendance(attendance_id: str) -> Any:
    return ask("attendance", "get_attendance", {"id": attendance_id})


@blp.get("/attendances/<string:attendance_id>/entries")
@needs("attendance.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, contract.EntryPage)
@refuses(blp, 404)
def list_entries(data: dict[str, Any], attendance_id: str) -> Any:
    return ask("attendance", "list_entries", {**data, "attendance_id": attendance_id})


@blp.post("/attendances/<string:attendance_id>/entries")
@needs("attendance.write")
@blp.arguments(contract.RecordEntry(exclude=("attendance_id",)))
@blp.response(201, contract.Entry)
@refuses(blp, 404, 409)
def record_entry(data: dict[str, Any], attendance_id: str) -> Any:
    """Row A8."""
    return order("attendance", "record_entry", contract.RecordEntry, data, attendance_id=attendance_id)


@blp.post("/attendances/<string:attendance_id>/close")
@needs("attendance.write")
@blp.response(200, contract.Attendance)
@refuses(blp, 404, 409)
def close_attendance(attendance_id: str) -> Any:
    return order("attendance", "close_attendance", contract.CloseAttendance, {}, attendance_id=attendance_id)
