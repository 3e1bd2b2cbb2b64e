"""Recording entries (pareceres), and moving attendances to their next step (rows A8, A10)."""

from __future__ import annotations

from typing import Any

from services.attendance.entries import contract
from services.attendance.entries.copies import customer_email
from services.attendance.entries.stepping import next_of, take
from services.attendance.entries.texts import standard_text_fields, text_of_entry
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import attendance_of, today, type_of
from services.attendance.timeline.writing import record
from services.chassis.handling.entrypoints import command


@command(takes=contract.RecordEntry, gives=contract.RecordedEntry, needs="attendance.write", section="attendances")
def record_entry(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A8: records an entry and takes the step, if one is given; both or neither.

    Raises Conflict("attendance_closed"), for row A10 Forbidden("mail_account_missing") and
    Conflict("person_email_missing"), and what texts.text_of_entry, lifecycle.record_with and stepping.take raise.
    """
    attendance = attendance_of(tx, data["attendance_id"])
    attendance.require_open()
    person = tx.persons.get(attendance.person_id)
    kind = type_of(tx, attendance)
    text = text_of_entry(tx, attendance, person, kind, data)
    email = customer_email(tx, person) if data["notify_customer"] else None
    planned = data["next_contact_date"] or (kind.next_contact(today(tx)) if kind else None)
    attendance.contact_date = planned or attendance.contact_date
    text_id = data["standard_text_id"]
    entry = record(
        tx, attendance, person, text, email, data["attachment_ids"], planned=planned, **standard_text_fields(text_id)
    )
    tx.drafts.forget(tx.actor.id, attendance.person_id, attendance.id)
    stepped = bool(data["answer"] or data["center_id"])
    if stepped:
        take(tx, attendance, data, has_text=True)
    confirmed = stepped or data["confirm"]
    step = {"next": next_of(tx, attendance), "attendance": attendance} if confirmed else {}
    named = {"standard_text_name": kind.standard_text(text_id).name} if kind and text_id else {}
    return {"next": None, "attendance": None, **vars(entry), **named, **step}


@command(takes=contract.MoveAttendance, gives=contract.MovedAttendance, needs="attendance.write", section="attendances")
def move_attendance(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A8: takes a step, after an optional entry; raises what stepping.take raises."""
    attendance = attendance_of(tx, data["attendance_id"])
    attendance.require_position(data["position"])
    if data["text"]:
        record(tx, attendance, tx.persons.get(attendance.person_id), data["text"])
    take(tx, attendance, data)
    return {"attendance": attendance, "next": next_of(tx, attendance)}
