"""Writing an attendance's timeline: every change of its state leaves an entry, and every save announces one event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.attendance import events
from services.attendance.attachments.commands import for_customer
from services.attendance.attachments.keeping import record_with
from services.attendance.attendances.model.attendance import CHANGE, NOTE, OPEN, SYSTEM, Attendance, Entry
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import who_sees
from services.chassis.schemas import Event
from services.chassis.storage.rows import Document


def record(
    tx: AttendanceSession,
    attendance: Attendance,
    person: Document,
    text: str,
    customer_email: str | None = None,
    attachment_ids: Sequence[str] = (),
    kind: str = NOTE,
    planned: dt.date | None = None,
    **extra: Any,
) -> Entry:
    """A note (parecer), or what else was said, announced with all that an e-mail about it needs.

    `planned`: the next contact that it plans. Raises Conflict("attendance_closed") and as keeping.record_with.
    """
    entry_id = extra.pop("id", None) or tx.new_id()
    attached = record_with(tx, attendance.id, entry_id, attachment_ids)
    summaries = [one.summary() for one in attached]
    told = {"id": entry_id, "notified_customer": customer_email is not None, "attachments": summaries, **extra}
    entry = explain(tx, attendance, kind, text, **told)
    announce(
        tx,
        attendance,
        events.ENTRY_RECORDED,
        entry_id=entry.id,
        person_name=person["name"],
        text=entry.text,
        author_name=entry.author_name,
        recorded_at=entry.recorded_at,
        reference=attendance.reference,
        center_id=attendance.center_id,
        contact_date=attendance.contact_date,
        planned_contact_date=planned,
        notify_customer=entry.notified_customer,
        customer_email=customer_email,
        attachments=entry.attachments,
        **for_customer(tx, attached if entry.notified_customer else ()),
        **who_sees(tx, attendance),
    )
    return entry


def explain(tx: AttendanceSession, attendance: Attendance, kind: str, text: str, **extra: Any) -> Entry:
    """An entry of any kind; whoever calls saves the attendance and announces why.

    `extra` tells its id and time, too, where they come from elsewhere.
    """
    actor, told = tx.actor, {"id": tx.new_id(), "at": tx.now, **extra}
    entry = attendance.record(text=text, author=actor.id, author_name=actor.name, kind=kind, **told)
    tx.entries.add(entry)
    return entry


def explain_rename(tx: AttendanceSession, attendance: Attendance, before: str, at: dt.datetime) -> None:
    """By its opportunity's new name: in one that is closed or trashed, too."""
    text, facts = description_of_change("title", before, attendance.title), {"title": [before, attendance.title]}
    author, name = tx.actor.id, tx.actor.name
    tx.entries.add(attendance.append(tx.new_id(), text, author, name, at, CHANGE, data=facts))


def announce(tx: AttendanceSession, attendance: Attendance, event: Event, **data: Any) -> None:
    """Saves the next version, and says what made it."""
    tx.attendances.save(attendance)
    named = {"attendance_id": attendance.id, "person_id": attendance.person_id, "title": attendance.title}
    tx.publish(event, attendance.id, attendance.version, **named, **data)


def announce_change(tx: AttendanceSession, attendance: Attendance, *what: str) -> None:
    day = attendance.internal_contact_date
    announce(tx, attendance, events.ATTENDANCE_CHANGED, internal_contact_date=day, what=list(what))


def close(tx: AttendanceSession, attendance: Attendance, text: str, followed_opportunity: bool = False) -> None:
    """The last entry says why; raises Conflict("attendance_already_closed")."""
    if attendance.status == OPEN:
        explain(tx, attendance, SYSTEM, text)
    attendance.close(at=tx.now)
    announce(tx, attendance, events.ATTENDANCE_CLOSED, followed_opportunity=followed_opportunity)


_NAMES = {"title": "Assunto", "internal_contact_date": "Data de contato interno"}


def description_of_change(name: str, before: Any, after: Any) -> str:
    """A change in words."""
    return f"{_NAMES[name]}: de “{_text_of(before)}” para “{_text_of(after)}”."


def _text_of(value: Any) -> str:
    if value is None:
        return "(sem data)"
    return value if isinstance(value, str) else str(value.strftime("%d/%m/%Y"))
