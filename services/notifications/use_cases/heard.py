"""What other services announce, and what it does here."""

from __future__ import annotations

from services.chassis.entrypoints import subscribe
from services.chassis.subscriptions import Heard
from services.notifications import contract
from services.notifications.domain import customer_copy, document_mails, for_watchers
from services.notifications.store import NotificationsSession
from services.notifications.use_cases.telling import tell_watchers


@subscribe("attendance", "entry_recorded", takes=contract.EntrySeen)
def on_attendance_entry_recorded(tx: NotificationsSession, event: Heard) -> None:
    """Row N1: one e-mail a watcher and entry; row A10: the customer's copy, with the entry's files.

    Nobody is told of an erased person.
    """
    tx.attendances.put_told_within(event.aggregate, event.sequence, event.data)
    if tx.persons.erased(event.data["person_id"]):
        return
    entry = for_watchers(event.data)
    after = tell_watchers(tx, event.id, entry)
    if after is not None:
        tx.tell_the_rest(event.id, entry, after)
    made = customer_copy(event.id, event.data, tx.now)
    if made is not None:
        copy, enclosure = made
        tx.queue(copy)
        if enclosure is not None:
            tx.enclose(enclosure)


@subscribe("sales", "document_sent", takes=contract.DocumentSeen)
def on_sales_document_sent(tx: NotificationsSession, event: Heard) -> None:
    """Rows S12, S23: one e-mail a recipient, all with the same paper; none to a person whose data was erased."""
    if tx.persons.erased(event.data["person_id"]):
        return
    enclosure, mails = document_mails(event.id, event.data, tx.now)
    tx.enclose(enclosure)
    for mail in mails:
        tx.queue(mail)


@subscribe("people", "person_registered", takes=contract.PersonSeen, once=False)
def on_people_person_registered(tx: NotificationsSession, event: Heard) -> None:
    _know(tx, event)


@subscribe("people", "person_changed", takes=contract.PersonSeen, once=False)
def on_people_person_changed(tx: NotificationsSession, event: Heard) -> None:
    _know(tx, event)


@subscribe("people", "user_changed", takes=contract.UserSeen, once=False)
def on_people_user_changed(tx: NotificationsSession, event: Heard) -> None:
    tx.members.put(event.aggregate, event.sequence, event.data["active"], event.data["roles"])


@subscribe("people", "role_changed", takes=contract.RoleSeen, once=False)
def on_people_role_changed(tx: NotificationsSession, event: Heard) -> None:
    tx.members.put_role(event.aggregate, event.sequence, event.data)


@subscribe("attendance", "attendance_opened", takes=contract.AttendanceSeen, once=False)
def on_attendance_attendance_opened(tx: NotificationsSession, event: Heard) -> None:
    tx.attendances.put_told(event.aggregate, event.sequence, event.data)


@subscribe("attendance", "attendance_filed", takes=contract.AttendanceSeen, once=False)
def on_attendance_attendance_filed(tx: NotificationsSession, event: Heard) -> None:
    tx.attendances.put_told(event.aggregate, event.sequence, event.data)


@subscribe("attendance", "flow_changed", takes=contract.FlowSeen, once=False)
def on_attendance_flow_changed(tx: NotificationsSession, event: Heard) -> None:
    tx.attendances.put_flow(event.aggregate, event.sequence, event.data["users"])


def _know(tx: NotificationsSession, event: Heard) -> None:
    tx.persons.put(event.aggregate, event.sequence, name=event.data["name"], categories=event.data["categories"])
