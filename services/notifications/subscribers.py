"""The events of other services that `notifications` handles, each with the fields that it reads."""

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
    """The fields read from people's person_registered, person_changed and persons_imported."""

    person_id = fields.String(required=True)
    name = fields.String(required=True)
    categories = fields.List(fields.String(), load_default=list)


class RoleSeen(EventData):
    """The fields read from people's role_changed: the permissions and scopes of all who hold the role."""

    role_id = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True)
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)


class RoleOfUser(RoleSeen):
    version = fields.Integer(required=True)


class UserSeen(EventData):
    """The fields read from people's user_changed: the rights of a possible recipient."""

    user_id = fields.String(required=True)
    active = fields.Boolean(required=True)
    roles = fields.List(fields.Nested(RoleOfUser), required=True)


class EntrySeen(AttendanceSeen):
    """The fields read from attendance's entry_recorded; `files` and `left_out` go to the customer only."""

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
    """The fields read from sales' document_sent: the rendered e-mail to the customer (rows S12, S23)."""

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
    """Row N1: queues one e-mail a watcher; row A10: and the customer's copy, with the entry's files.

    Nothing is queued about a person whose data was erased.
    """
    tx.attendances.put_told_within(event.aggregate, event.sequence, event.data)
    if tx.persons.erased(event.data["person_id"]):
        return
    entry = for_watchers(event.data)
    after = tell_watchers(tx, event.id, entry)
    if after is not None:
        tx.tell_the_rest(event.id, entry, after)
    mail = customer_copy(event.id, event.data, tx.now)
    if mail is not None:
        copy, enclosure = mail
        tx.queue(copy)
        if enclosure is not None:
            tx.enclose(enclosure)


@subscribe("sales", "document_sent", takes=DocumentSeen)
def on_sales_document_sent(tx: NotificationsSession, event: ReceivedEvent) -> None:
    """Rows S12, S23: queues one e-mail a recipient, all with the same PDF; none about an erased person."""
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


def _replica_fields(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("name", "categories")}


on_people_person_registered, on_people_person_changed, on_people_persons_imported = handlers.person_copied(
    PersonSeen, _replica_fields
)
on_attendance_attendance_opened, on_attendance_attendance_filed = handlers.attendance_copied()
on_attendance_flow_changed = handlers.flow_copied()
