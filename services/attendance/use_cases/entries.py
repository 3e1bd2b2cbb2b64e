"""Entries (pareceres): recording, confirming, notifying the customer, the history (rows A8, A10, A11)."""

from __future__ import annotations

from typing import Any

from services.attendance import contract
from services.attendance.domain import TRASHED, Attendance, Type
from services.attendance.domain.contact_dates import next_contact
from services.attendance.domain.texts import fill
from services.attendance.store import AttendanceSession
from services.attendance.use_cases.looking import attendance_of, today, type_of
from services.attendance.use_cases.moving import next_of, take
from services.attendance.use_cases.telling import record
from services.chassis.entrypoints import command, query
from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.chassis.mongo import Document

NOTIFY = "attendance.notify_customer"


@command(takes=contract.RecordEntry, gives=contract.RecordedEntry, needs="attendance.write", section="attendances")
def record_entry(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A8, and its step where one is given; all or nothing.

    Raises Conflict("attendance_closed"), Invalid("entry_text_missing"), NotFound("standard_text_not_found"), for
    row A10 Forbidden("mail_account_missing") and Conflict("person_email_missing"), and what attachments.record_with
    and moving.take raise.
    """
    attendance = attendance_of(tx, data["attendance_id"])
    attendance.require_open()
    person = tx.persons.get(attendance.person_id)
    kind = type_of(tx, attendance)
    text = _text(tx, attendance, person, kind, data)
    email = _customer_email(tx, person) if data["notify_customer"] else None
    planned = data["next_contact_date"] or next_contact(today(tx), kind.days_to_next_contact if kind else None)
    attendance.contact_date = planned or attendance.contact_date
    text_id = data["standard_text_id"]
    made_with = {"standard": text_id is not None, "standard_text_id": text_id}
    attached = data["attachment_ids"]
    entry = record(tx, attendance, person, text, email, attached, planned=planned, **made_with)
    tx.drafts.discard(tx.actor.id, attendance.person_id, attendance.id)
    stepped = bool(data["answer"] or data["center_id"])
    if stepped:
        take(tx, attendance, data, has_text=True)
    confirmed = stepped or data["confirm"]
    shown = {"next": next_of(tx, attendance), "attendance": attendance} if confirmed else {}
    return {"next": None, "attendance": None, **vars(entry), **shown}


@query(takes=contract.ListEntries, gives=contract.EntryPage, needs="attendance.read", section="attendances")
def list_entries(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A11: newest first; all, or only those made with a standard text."""
    attendance_of(session, data["attendance_id"])
    return session.entries.of_attendance(**data)


@query(takes=contract.ListEntriesInTime, gives=contract.EntryPage, needs="attendance.read", section="attendances")
def list_entries_in_time(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """For a timeline with what other services have (row S21); none of what lies in the trash."""
    attendance = attendance_of(session, data["attendance_id"])
    if attendance.filed == TRASHED:
        return {"items": [], "next_cursor": None}
    return session.entries.in_time(**data)


@query(takes=contract.OfAttendance, gives=contract.FilledTexts, needs="attendance.read", section="attendances")
def list_standard_texts(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Those of the attendance's type, with their variables filled in: what a form starts from."""
    attendance = attendance_of(session, data["attendance_id"])
    kind = type_of(session, attendance)
    values = _values(session, attendance, session.persons.get(attendance.person_id), kind)
    texts = kind.standard_texts if kind else ()
    return {"items": [{**vars(one), "text": fill(one.text, values)} for one in texts]}


def _text(
    tx: AttendanceSession, attendance: Attendance, person: Document, kind: Type | None, data: dict[str, Any]
) -> str:
    """What was typed; else the standard text that was chosen."""
    text: str = data["text"]
    if data["standard_text_id"]:
        if kind is None:
            raise NotFound("standard_text_not_found", "O atendimento não tem tipo, e assim não tem textos padrão.")
        standard = kind.standard_text(data["standard_text_id"])
        text = text or fill(standard.text, _values(tx, attendance, person, kind))
    if not text:
        detail = "Escreva o parecer ou escolha um texto padrão."
        raise Invalid("entry_text_missing", detail, fields={"text": [detail]})
    return text


def _values(session: AttendanceSession, attendance: Attendance, person: Document, kind: Type | None) -> dict[str, str]:
    """The variables of domain.texts."""
    center = session.centers.find(attendance.center_id) if attendance.center_id else None
    now = session.now.astimezone(session.zone.get())
    return {
        "pessoa": person["name"],
        "contato": attendance.contact or "",
        "assunto": attendance.title,
        "referencia": str(attendance.reference),
        "tipo": kind.name if kind else "",
        "centro": center.name if center else "",
        "usuario": session.actor.name,
        "data": now.strftime("%d/%m/%Y"),
        "hora": now.strftime("%H:%M"),
    }


def _customer_email(tx: AttendanceSession, person: Document) -> str:
    """Row A10: where the copy goes. The permission stands for the user's mail account until row N5 keeps them."""
    if not tx.actor.holds(NOTIFY):
        raise Forbidden("mail_account_missing", "Salvar e notificar exige uma conta de e-mail do usuário.")
    if not person.get("email"):
        raise Conflict("person_email_missing", f"{person['name']} não tem e-mail principal.")
    return str(person["email"])
