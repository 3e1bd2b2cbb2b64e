"""Drafts of entries and of attendances about to be opened (row A9): the signed-in user's own."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import CountedQuery, JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query, version_in_path
from services.attendance.drafts import contract as drafts_contract
from services.attendance.shared import contract as shared_contract

blp = JsonBlueprint("attendance_drafts", __name__, url_prefix="/v1", description="Pareceres a concluir")
SAVE_ATTENDANCE = drafts_contract.SaveAttendanceDraft
SAVE_PERSON = drafts_contract.SavePersonDraft


@blp.get("/attendance-drafts")
@blp.summary("Lista os pareceres a concluir", "O último escrito primeiro.")
@needs("attendance.read")
@blp.arguments(CountedQuery, location="query")
@blp.response(200, drafts_contract.DraftPage)
@refuses(blp)
def list_drafts(data: dict[str, Any]) -> Any:
    """The pending ones, last written first."""
    return send_query("attendance", "list_drafts", data)


@blp.get("/attendances/<string:attendance_id>/draft")
@blp.summary("Lê o rascunho de um parecer")
@needs("attendance.read")
@blp.response(200, drafts_contract.Draft)
@refuses(blp, 404)
def get_attendance_draft(attendance_id: str) -> Any:
    return send_query("attendance", "get_attendance_draft", {"attendance_id": attendance_id})


@blp.put("/attendances/<string:attendance_id>/draft")
@blp.summary("Grava o rascunho de um parecer", "Enviado enquanto se escreve; registrar o parecer o encerra.")
@needs("attendance.write")
@blp.arguments(SAVE_ATTENDANCE(exclude=("attendance_id",)))
@blp.response(200, drafts_contract.Draft)
@refuses(blp, 404, 409, 412, edits=False)
def save_attendance_draft(data: dict[str, Any], attendance_id: str) -> Any:
    """Stores the draft while it is typed; recording the entry deletes it."""
    path = {"attendance_id": attendance_id, **version_in_path()}
    return send_command("attendance", "save_attendance_draft", SAVE_ATTENDANCE, data, **path)


@blp.delete("/attendances/<string:attendance_id>/draft")
@blp.summary("Descarta o rascunho de um parecer")
@needs("attendance.write")
@blp.response(200, drafts_contract.DraftDiscarded)
@refuses(blp, 404)
def discard_attendance_draft(attendance_id: str) -> Any:
    return send_command(
        "attendance", "discard_attendance_draft", shared_contract.OfAttendance, {}, attendance_id=attendance_id
    )


@blp.get("/persons/<string:person_id>/attendance-draft")
@blp.summary("Lê o rascunho de um atendimento a abrir")
@needs("attendance.read")
@blp.response(200, drafts_contract.Draft)
@refuses(blp, 404)
def get_person_draft(person_id: str) -> Any:
    return send_query("attendance", "get_person_draft", {"person_id": person_id})


@blp.put("/persons/<string:person_id>/attendance-draft")
@blp.summary("Grava o rascunho de um atendimento a abrir", "Abrir o atendimento o encerra.")
@needs("attendance.write")
@blp.arguments(SAVE_PERSON(exclude=("person_id",)))
@blp.response(200, drafts_contract.Draft)
@refuses(blp, 404, 409, 412, edits=False)
def save_person_draft(data: dict[str, Any], person_id: str) -> Any:
    """The draft of an attendance that is about to be opened; opening it deletes the draft."""
    path = {"person_id": person_id, **version_in_path()}
    return send_command("attendance", "save_person_draft", SAVE_PERSON, data, **path)


@blp.delete("/persons/<string:person_id>/attendance-draft")
@blp.summary("Descarta o rascunho de um atendimento a abrir")
@needs("attendance.write")
@blp.response(200, drafts_contract.DraftDiscarded)
@refuses(blp, 404)
def discard_person_draft(person_id: str) -> Any:
    return send_command("attendance", "discard_person_draft", drafts_contract.OfPersonDraft, {}, person_id=person_id)
