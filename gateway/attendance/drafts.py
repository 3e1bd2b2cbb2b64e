"""Drafts of entries and of attendances about to be opened (row A9): the signed-in user's own."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.requests import send_command, send_query
from services.attendance.drafts import contract as drafts_contract
from services.attendance.shared import contract as shared_contract

blp = JsonBlueprint("attendance_drafts", __name__, url_prefix="/v1", description="Pareceres a concluir")
SAVE_ATTENDANCE = drafts_contract.SaveAttendanceDraft
SAVE_PERSON = drafts_contract.SavePersonDraft


@blp.get("/attendance-drafts")
@needs("attendance.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, drafts_contract.DraftPage)
@refuses(blp)
def list_drafts(data: dict[str, Any]) -> Any:
    """The pending ones, last written first."""
    return send_query("attendance", "list_drafts", data)


@blp.get("/attendances/<string:attendance_id>/draft")
@needs("attendance.read")
@blp.response(200, drafts_contract.Draft)
@refuses(blp, 404)
def get_attendance_draft(attendance_id: str) -> Any:
    return send_query("attendance", "get_attendance_draft", {"attendance_id": attendance_id})


@blp.put("/attendances/<string:attendance_id>/draft")
@needs("attendance.write")
@blp.arguments(SAVE_ATTENDANCE(exclude=("attendance_id",)))
@blp.response(200, drafts_contract.Draft)
@refuses(blp, 404, 409)
def save_attendance_draft(data: dict[str, Any], attendance_id: str) -> Any:
    """Sent as it is typed; recording the entry ends it."""
    return send_command("attendance", "save_attendance_draft", SAVE_ATTENDANCE, data, attendance_id=attendance_id)


@blp.delete("/attendances/<string:attendance_id>/draft")
@needs("attendance.write")
@blp.response(200, drafts_contract.DraftDiscarded)
@refuses(blp, 404)
def discard_attendance_draft(attendance_id: str) -> Any:
    return send_command(
        "attendance", "discard_attendance_draft", shared_contract.OfAttendance, {}, attendance_id=attendance_id
    )


@blp.get("/persons/<string:person_id>/attendance-draft")
@needs("attendance.read")
@blp.response(200, drafts_contract.Draft)
@refuses(blp, 404)
def get_person_draft(person_id: str) -> Any:
    return send_query("attendance", "get_person_draft", {"person_id": person_id})


@blp.put("/persons/<string:person_id>/attendance-draft")
@needs("attendance.write")
@blp.arguments(SAVE_PERSON(exclude=("person_id",)))
@blp.response(200, drafts_contract.Draft)
@refuses(blp, 404, 409)
def save_person_draft(data: dict[str, Any], person_id: str) -> Any:
    """Of an attendance about to be opened; opening it ends the draft."""
    return send_command("attendance", "save_person_draft", SAVE_PERSON, data, person_id=person_id)


@blp.delete("/persons/<string:person_id>/attendance-draft")
@needs("attendance.write")
@blp.response(200, drafts_contract.DraftDiscarded)
@refuses(blp, 404)
def discard_person_draft(person_id: str) -> Any:
    return send_command("attendance", "discard_person_draft", drafts_contract.OfPersonDraft, {}, person_id=person_id)
