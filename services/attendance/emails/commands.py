"""Sending an e-mail from an attendance: an entry of its own, and a copy in the author's open draft (row N3)."""

from __future__ import annotations

from typing import Any

from services.attendance.attendances.model.attendance import Attendance, Entry
from services.attendance.emails import contract
from services.attendance.entries import contract as entries_contract
from services.attendance.entries.copies import customer_email, require_writing
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import attendance_of
from services.attendance.timeline.writing import record
from services.chassis.handling.entrypoints import command
from services.chassis.storage.rows import Document

EMAIL = "email"
MOST_TEXT = 20_000


@command(takes=contract.SendEmail, gives=entries_contract.Entry, needs="attendance.write", section="attendances")
def send_email(tx: AttendanceSession, data: dict[str, Any]) -> Entry:
    """Raises Conflict: attendance_closed, person_email_missing (no address is given, and the person has none);
    Forbidden("mail_account_missing"), and what lifecycle.record_with raises."""
    attendance = attendance_of(tx, data["attendance_id"])
    attendance.require_open()
    person = tx.persons.get(attendance.person_id)
    require_writing(tx)
    to = list(dict.fromkeys(data["to"])) or [customer_email(tx, person)]
    mail = {"to": to, "subject": data["subject"] or attendance.title}
    entry = record(
        tx, attendance, person, data["text"], attachment_ids=data["attachment_ids"], kind=EMAIL, data=mail, email=mail
    )
    _copy_to_draft(tx, attendance, person, mail, data["text"])
    return entry


def _copy_to_draft(
    tx: AttendanceSession, attendance: Attendance, person: Document, mail: dict[str, Any], text: str
) -> None:
    """Appends the e-mail to the user's draft of an entry, so that the entry can be written from it."""
    draft = tx.drafts.find_or_new(tx.actor.id, attendance.person_id, attendance.id)
    copied = f"E-mail para {', '.join(mail['to'])}: {mail['subject']}\n\n{text}"
    before = draft.content.get("text") or ""
    joined = f"{before.rstrip()}\n\n{copied}" if before.strip() else copied
    draft.write({**draft.content, "text": joined[:MOST_TEXT]}, tx.now, None)
    draft.person_name, draft.title = person["name"], attendance.title
    tx.drafts.put(draft)
