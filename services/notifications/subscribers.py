"""What other services announce and `notifications` tells on or keeps, with the parts of their events that it
reads.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.inputs import Base64
from services.chassis.replicas import handlers
from services.chassis.replicas.handlers import AttendanceSeen
from services.chassis.schemas import EventData
from services.notifications.contract import FileSeen
from services.notifications.model import customer_copy, document_mails, for_watchers
from services.notifications.session import NotificationsSession
from services.notifications.watchers import tell_watchers


class PersonSeen(EventData):
    """Of people's person_registered and person_changed: what is shown here, and to whom."""

    person_id = fields.String(required=True)
    name = fields.String(required=True)
    categories = fields.List(fields.String(), load_default=list)


class RoleSeen(EventData):
    """Of people's role_changed: what all who hold it may do and see from now on."""

    role_id = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True)
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)


class RoleOfUser(RoleSeen):
    version = fields.Integer(required=True)


class UserSeen(EventData):
    """Of people's user_changed: the rights of who is told something."""

    user_id = fields.String(required=True)
    active = fields.Boolean(required=True)
    roles = fields.List(fields.Nested(RoleOfUser), required=True)


class EntrySeen(AttendanceSeen):
    """Of attendance's entry_recorded: what the watchers are told; `files` and `left_out` are the customer's alone."""

    entry_id = fields.String(required=True)
    person_id = fields.String(required=True)
    person_name = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    author_name = fields.String(required=True)
    recorded_at = fields.DateTime(required=True)
    reference = fields.Integer(load_default=None, allow_none=True)
    notify_customer = fields.Boolean(load_default=False)
    customer_email = fields.String(load_default=None, allow_none=True)
    files = fields.List(fields.Nested(FileSeen), load_default=list)
    left_out = fields.List(fields.String(), load_default=list)


class DocumentSeen(EventData):
    """Of sales' document_sent: the mail that goes to the customer, as it was rendered (rows S12, S23)."""

    sending_id = fields.String(required=True)
    person_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    recipients = fields.List(fields.String(), required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)
    html = fields.String(required=True)
    pdf = Base64(required=True)
    file_name = fields.String(required=True)


@subscribe("attendance", "entry_recorded", takes=EntrySeen)
def on_attendance_entry_recorded(tx: NotificationsSession, event: ReceivedEvent) -> None:
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


@subscribe("sales", "document_sent", takes=DocumentSeen)
def on_sales_document_sent(tx: NotificationsSession, event: ReceivedEvent) -> None:
    """Rows S12, S23: one e-mail a recipient, all with the same paper; none to a person whose data was erased."""
    if tx.persons.erased(event.data["person_id"]):
        return
    enclosure, mails = document_mails(event.id, event.data, tx.now)
    tx.enclose(enclosure)
    for mail in mails:
        tx.queue(mail)


@subscribe("people", "user_changed", takes=UserSeen, once=False)
def on_people_user_changed(tx: NotificationsSession, event: ReceivedEvent) -> None:
    tx.members.put(event.aggregate, event.sequence, event.data["active"], event.data["roles"])


@subscribe("people", "role_changed", takes=RoleSeen, once=False)
def on_people_role_changed(tx: NotificationsSession, event: ReceivedEvent) -> None:
    tx.members.put_role(event.aggregate, event.sequence, event.data)


def _copied(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("name", "categories")}


on_people_person_registered, on_people_person_changed, on_people_persons_imported = handlers.person_copied(
    PersonSeen, _copied
)
on_attendance_attendance_opened, on_attendance_attendance_filed = handlers.attendance_copied()
on_attendance_flow_changed = handlers.flow_copied()
