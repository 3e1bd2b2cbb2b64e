"""Listing and reading drafts (row A9). Only their author sees them."""

from __future__ import annotations

from typing import Any

from services.attendance.drafts import contract
from services.attendance.drafts.model import Draft
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import attendance_of
from services.chassis.errors import NotFound
from services.chassis.handling.entrypoints import query


@query(takes=shared_contract.OfAttendance, gives=contract.Draft, needs="attendance.read", section="attendances")
def get_attendance_draft(session: AttendanceSession, data: dict[str, Any]) -> Draft:
    """Raises NotFound("draft_not_found")."""
    attendance = attendance_of(session, data["attendance_id"])
    return _draft_of(session, attendance.person_id, attendance.id)


@query(takes=contract.OfPersonDraft, gives=contract.Draft, needs="attendance.read", section="attendances")
def get_person_draft(session: AttendanceSession, data: dict[str, Any]) -> Draft:
    """Raises NotFound("draft_not_found")."""
    return _draft_of(session, data["person_id"], None)


@query(takes=contract.ListDrafts, gives=contract.DraftPage, needs="attendance.read", section="attendances")
def list_drafts(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """The actor's own drafts, last written first. A page is short where an attendance is in the trash."""
    page = session.drafts.of_user(session.actor.id, **data)
    trashed = session.attendances.trashed_among({one.attendance_id for one in page["items"] if one.attendance_id})
    return {**page, "items": [one for one in page["items"] if one.attendance_id not in trashed]}


def _draft_of(session: AttendanceSession, person_id: str, attendance_id: str | None) -> Draft:
    draft = session.drafts.find(session.actor.id, person_id, attendance_id)
    if draft is None:
        raise NotFound("draft_not_found", "Não há rascunho.")
    return draft
