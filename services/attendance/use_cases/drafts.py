"""Drafts (row A9): saved as they are typed, listed as pending, resumed, discarded. Only their user sees them."""

from __future__ import annotations

from typing import Any

from services.attendance import contract
from services.attendance.domain import Draft
from services.attendance.store import AttendanceSession
from services.attendance.use_cases.looking import attendance_of
from services.chassis.entrypoints import command, query
from services.chassis.errors import NotFound


@command(takes=contract.SaveAttendanceDraft, gives=contract.Draft, needs="attendance.write", section="attendances")
def save_attendance_draft(tx: AttendanceSession, data: dict[str, Any]) -> Draft:
    """Raises Conflict("attendance_closed" or "draft_changed")."""
    attendance = attendance_of(tx, data["attendance_id"])
    attendance.require_open()
    return _write(tx, data, attendance.person_id, attendance.id, attendance.title)


@command(takes=contract.SavePersonDraft, gives=contract.Draft, needs="attendance.write", section="attendances")
def save_person_draft(tx: AttendanceSession, data: dict[str, Any]) -> Draft:
    """Raises NotFound("person_not_found") or Conflict("draft_changed")."""
    return _write(tx, data, data["person_id"], None, (data["content"].get("title") or "").strip())


@command(takes=contract.OfAttendance, gives=contract.DraftDiscarded, needs="attendance.write", section="attendances")
def discard_attendance_draft(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, bool]:
    attendance = attendance_of(tx, data["attendance_id"])
    return {"discarded": tx.drafts.discard(tx.actor.id, attendance.person_id, attendance.id)}


@command(takes=contract.OfPersonDraft, gives=contract.DraftDiscarded, needs="attendance.write", section="attendances")
def discard_person_draft(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, bool]:
    tx.persons.get(data["person_id"])
    return {"discarded": tx.drafts.discard(tx.actor.id, data["person_id"], None)}


@query(takes=contract.OfAttendance, gives=contract.Draft, needs="attendance.read", section="attendances")
def get_attendance_draft(session: AttendanceSession, data: dict[str, Any]) -> Draft:
    """Raises NotFound("draft_not_found")."""
    attendance = attendance_of(session, data["attendance_id"])
    return _found(session, attendance.person_id, attendance.id)


@query(takes=contract.OfPersonDraft, gives=contract.Draft, needs="attendance.read", section="attendances")
def get_person_draft(session: AttendanceSession, data: dict[str, Any]) -> Draft:
    """Raises NotFound("draft_not_found")."""
    return _found(session, data["person_id"], None)


@query(takes=contract.ListDrafts, gives=contract.DraftPage, needs="attendance.read", section="attendances")
def list_drafts(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """The actor's own, last written first."""
    return session.drafts.of_user(session.actor.id, **data)


def _write(tx: AttendanceSession, data: dict[str, Any], person_id: str, attendance_id: str | None, title: str) -> Draft:
    person = tx.persons.get(person_id)
    draft = tx.drafts.find(tx.actor.id, person_id, attendance_id) or Draft(tx.actor.id, person_id, attendance_id)
    draft.write(data["content"], tx.now, data["version"])
    draft.person_name, draft.title = person["name"], title
    tx.drafts.put(draft)
    return draft


def _found(session: AttendanceSession, person_id: str, attendance_id: str | None) -> Draft:
    draft = session.drafts.find(session.actor.id, person_id, attendance_id)
    if draft is None:
        raise NotFound("draft_not_found", "Não há rascunho.")
    return draft
