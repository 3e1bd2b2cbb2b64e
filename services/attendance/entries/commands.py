"""Recording entries (pareceres), and moving attendances to their next step (rows A8, A10)."""

from __future__ import annotations

from typing import Any

from services.attendance.attendances.model.attendance import Attendance
from services.attendance.entries import contract
from services.attendance.entries.copies import customer_email
from services.attendance.entries.stepping import next_of, take, text_values
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import attendance_of, today, type_of
from services.attendance.timeline.writing import record
from services.attendance.types.model.texts import fill
from services.attendance.types.model.types import Type
from services.chassis.errors import Invalid, NotFound
from services.chassis.handling.entrypoints import command
from services.chassis.storage.rows import Document


@command(takes=contract.RecordEntry, gives=contract.RecordedEntry, needs="attendance.write", section="attendances")
def record_entry(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A8: records an entry and takes the step, if one is given; both or neither.

    Raises Conflict("attendance_closed"), Invalid("entry_text_missing"), NotFound("standard_text_not_found"), for
    row A10 Forbidden("mail_account_missing") and Conflict("person_email_missing"), and what lifecycle.record_with
    and stepping.take raise.
    """
    attendance = attendance_of(tx, data["attendance_id"])
    attendance.require_open()
    person = tx.persons.get(attendance.person_id)
    kind = type_of(tx, attendance)
    text = _text(tx, attendance, person, kind, data)
    email = customer_email(tx, person) if data["notify_customer"] else None
    planned = data["next_contact_date"] or (kind.next_contact(today(tx)) if kind else None)
    attendance.contact_date = planned or attendance.contact_date
    text_id = data["standard_text_id"]
    standard = {"standard": text_id is not None, "standard_text_id": text_id}
    entry = record(tx, attendance, person, text, email, data["attachment_ids"], planned=planned, **standard)
    tx.drafts.forget(tx.actor.id, attendance.person_id, attendance.id)
    stepped = bool(data["answer"] or data["center_id"])
    if stepped:
        take(tx, attendance, data, has_text=True)
    confirmed = stepped or data["confirm"]
    step = {"next": next_of(tx, attendance), "attendance": attendance} if confirmed else {}
    named = {"standard_text_name": kind.standard_text(text_id).name} if kind and text_id else {}
    return {"next": None, "attendance": None, **vars(entry), **named, **step}


def _text(
    tx: AttendanceSession, attendance: Attendance, person: Document, kind: Type | None, data: dict[str, Any]
) -> str:
    """The typed text, or else the chosen standard text with its variables filled in.

    Raises NotFound("standard_text_not_found"), Invalid("entry_text_missing").
    """
    text: str = data["text"]
    if data["standard_text_id"]:
        if kind is None:
            raise NotFound("standard_text_not_found", "O atendimento não tem tipo, e assim não tem textos padrão.")
        standard = kind.standard_text(data["standard_text_id"])
        text = text or fill(standard.text, text_values(tx, attendance, person, kind))
    if not text:
        detail = "Escreva o parecer ou escolha um texto padrão."
        raise Invalid("entry_text_missing", detail, fields={"text": [detail]})
    return text


@command(takes=contract.MoveAttendance, gives=contract.MovedAttendance, needs="attendance.write", section="attendances")
def move_attendance(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A8: takes a step, after an optional entry; raises what stepping.take raises."""
    attendance = attendance_of(tx, data["attendance_id"])
    attendance.require_position(data["position"])
    if data["text"]:
        record(tx, attendance, tx.persons.get(attendance.person_id), data["text"])
    take(tx, attendance, data)
    return {"attendance": attendance, "next": next_of(tx, attendance)}
