"""Saving and discarding drafts (row A9). Only their author sees them."""

from __future__ import annotations

from typing import Any

from services.attendance.drafts import contract
from services.attendance.drafts.model import Draft
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import attendance_of
from services.chassis.handling.entrypoints import command


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


@command(
    takes=shared_contract.OfAttendance, gives=contract.DraftDiscarded, needs="attendance.write", section="attendances"
)
def discard_attendance_draft(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, bool]:
    attendance = attendance_of(tx, data["attendance_id"])
    return {"discarded": tx.drafts.discard(tx.actor.id, attendance.person_id, attendance.id)}


@command(takes=contract.OfPersonDraft, gives=contract.DraftDiscarded, needs="attendance.write", section="attendances")
def discard_person_draft(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, bool]:
    tx.persons.get(data["person_id"])
    return {"discarded": tx.drafts.discard(tx.actor.id, data["person_id"], None)}


def _write(tx: AttendanceSession, data: dict[str, Any], person_id: str, attendance_id: str | None, title: str) -> Draft:
    person = tx.persons.get(person_id)
    draft = tx.drafts.find_or_new(tx.actor.id, person_id, attendance_id)
    draft.write(data["content"], tx.now, data["version"])
    draft.person_name, draft.title = person["name"], title
    tx.drafts.put(draft)
    return draft
