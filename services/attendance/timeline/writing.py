"""Writing an attendance's timeline: every change of its state adds an entry, and every save publishes one event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.attendance import events
from services.attendance.attachments.commands import files_for_customer
from services.attendance.attachments.lifecycle import record_with
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
    email: dict[str, Any] | None = None,
    automatic: bool = False,
    told_user_ids: Sequence[str] = (),
    **extra: Any,
) -> Entry:
    """Adds an entry and publishes entry_recorded with all that an e-mail about it needs; `extra` as in `explain`.

    A copy goes to `customer_email`; or the entry is an `email`. `planned`: the next contact. `told_user_ids`: users who
    are notified besides the person's watchers; of an `automatic` entry nobody is notified.

    Raises as Attendance.record and lifecycle.record_with.
    """
    entry_id = extra.pop("id", None) or tx.new_id()
    attached = record_with(tx, attendance.id, entry_id, attachment_ids)
    summaries = [attachment.summary() for attachment in attached]
    fields = {"id": entry_id, "notified_customer": customer_email is not None, "attachments": summaries, **extra}
    entry = explain(tx, attendance, kind, text, **fields)
    files = files_for_customer(tx, attached if entry.notified_customer or email else ())
    about = {"person_name": person["name"], "planned_contact_date": planned, **who_sees(tx, attendance)}
    mail = {"customer_email": customer_email, "email": email, **files}
    notified = {"automatic": automatic, "told_user_ids": list(told_user_ids)}
    data = {**_entry_event(attendance, entry), **about, **mail, **notified}
    announce(tx, attendance, events.ENTRY_RECORDED, **data)
    return entry


def _entry_event(attendance: Attendance, entry: Entry) -> dict[str, Any]:
    """The fields of entry_recorded about the entry, and about the state of its attendance."""
    return {
        "entry_id": entry.id,
        "kind": entry.kind,
        "text": entry.text,
        "author_name": entry.author_name,
        "recorded_at": entry.recorded_at,
        "notify_customer": entry.notified_customer,
        "attachments": entry.attachments,
        "reference": attendance.reference,
        "center_id": attendance.center_id,
        "contact_date": attendance.contact_date,
    }


def explain(tx: AttendanceSession, attendance: Attendance, kind: str, text: str, **extra: Any) -> Entry:
    """Adds an entry of any kind by the actor; the caller saves the attendance and publishes an event (`announce`).

    `extra`: further fields of the entry; `id` and `at` (UTC) default to a new id and the current time. `written_by`: id
    and name of an author other than the actor; the id is empty if the author is not a user.
    """
    author, author_name = extra.pop("written_by", (tx.actor.id, tx.actor.name))
    fields = {"id": tx.new_id(), "at": tx.now, **extra}
    entry = attendance.record(text=text, author=author, author_name=author_name, kind=kind, **fields)
    tx.entries.add(entry)
    return entry


def explain_rename(tx: AttendanceSession, attendance: Attendance, before: str, at: dt.datetime) -> None:
    """Adds the entry about a title that followed the opportunity's name, also in a closed or trashed attendance."""
    text, facts = description_of_change("title", before, attendance.title), {"title": [before, attendance.title]}
    author, name = tx.actor.id, tx.actor.name
    tx.entries.add(attendance.append(tx.new_id(), text, author, name, at, CHANGE, data=facts))


def announce(tx: AttendanceSession, attendance: Attendance, event: Event, **data: Any) -> None:
    """Saves the attendance as its next version and publishes `event` with it.

    It is minor for sales, which follows conversations, where the attendance is known to be no opportunity's.
    """
    tx.attendances.save(attendance)
    identity = {"attendance_id": attendance.id, "person_id": attendance.person_id, "title": attendance.title}
    event = event.minor_if(attendance.of_opportunity is False)
    tx.publish(event, attendance.id, attendance.version, **identity, **data)


def announce_change(tx: AttendanceSession, attendance: Attendance, *what: str) -> None:
    """Saves the attendance and publishes attendance_changed; `what` names the changed fields."""
    day = attendance.internal_contact_date
    announce(tx, attendance, events.ATTENDANCE_CHANGED, internal_contact_date=day, what=list(what))


def close(tx: AttendanceSession, attendance: Attendance, text: str, followed_opportunity: bool = False) -> None:
    """Closes the attendance with a last entry (`text`).

    Raises Conflict("attendance_already_closed" or "attendance_trashed").
    """
    if attendance.status == OPEN:
        explain(tx, attendance, SYSTEM, text)
    attendance.close(at=tx.now)
    announce(tx, attendance, events.ATTENDANCE_CLOSED, followed_opportunity=followed_opportunity)


_NAMES = {
    "title": "Assunto",
    "internal_contact_date": "Data de contato interno",
    "due_at": "Vencimento",
    "contact": "Contato",
    "product": "Produto",
}
_DATES = ("internal_contact_date", "due_at")


def description_of_change(name: str, before: Any, after: Any, zone: dt.tzinfo = dt.UTC) -> str:
    """The change of a field in Portuguese, for its entry; times are of `zone`."""
    nothing = "(sem data)" if name in _DATES else "(nenhum)"
    return f"{_NAMES[name]}: de “{_text_of(before, nothing, zone)}” para “{_text_of(after, nothing, zone)}”."


def _text_of(value: Any, nothing: str, zone: dt.tzinfo) -> str:
    if value is None:
        return nothing
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(zone):%d/%m/%Y %H:%M}"
    return value if isinstance(value, str) else str(value.strftime("%d/%m/%Y"))
