"""The events of other services that `notifications` handles, each with the fields that it reads."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.access.row_visibility import AttendanceFiling
from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.inputs import Base64
from services.chassis.replicas import handlers
from services.chassis.replicas.handlers import AttendanceSeen
from services.chassis.schemas import EventData
from services.notifications.deliveries.contract import FileSeen
from services.notifications.deliveries.mails import customer_copy, document_mails, entry_mails, nfe_mails
from services.notifications.deliveries.model import Delivery, Enclosure
from services.notifications.session import NotificationsSession
from services.notifications.watching.batches import (
    next_watcher_mails,
    only_permitted,
    queue_mails_or_digests,
    responsible_mails,
)
from services.notifications.watching.model import for_watchers


class PersonSeen(EventData):
    """The fields read from people's person_registered, person_changed and persons_imported (`registered`: new)."""

    registered = fields.Boolean(load_default=False)
    person_id = fields.String(required=True)
    name = fields.String(required=True)
    categories = fields.List(fields.String(), load_default=list)
    email = fields.String(load_default=None, allow_none=True)
    # of an event of the version before, the main one alone
    emails = fields.List(fields.String(), load_default=None)
    phones = fields.List(fields.String(), load_default=list)


class RoleSeen(EventData):
    """The fields read from people's role_changed: its name, and the permissions and scopes of all who hold it."""

    role_id = fields.String(required=True)
    name = fields.String(load_default=None)
    permissions = fields.List(fields.String(), required=True)
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)


class RoleOfUser(RoleSeen):
    version = fields.Integer(required=True)


class UserSeen(EventData):
    """The fields read from people's user_changed: the rights of a possible recipient."""

    user_id = fields.String(required=True)
    active = fields.Boolean(required=True)
    name = fields.String(load_default="")
    login = fields.String(load_default="")
    roles = fields.List(fields.Nested(RoleOfUser), required=True)


class KeySeen(EventData):
    """The fields read from people's key_changed: the rights of a possible maker of webhooks."""

    actor_id = fields.String(required=True)
    name = fields.String(required=True)
    active = fields.Boolean(required=True)
    expires_at = fields.DateTime(required=True)
    permissions = fields.List(fields.String(), required=True)
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)


class EmailSeen(EventData):
    to = fields.List(fields.String(), required=True)
    subject = fields.String(required=True)


class EntrySeen(AttendanceSeen):
    """The fields read from attendance's entry_recorded; `files` and `left_out` go to the customer only."""

    entry_id = fields.String(required=True)
    center_id = fields.String(load_default=None, allow_none=True)
    kind = fields.String(load_default=None, allow_none=True)
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
    email = fields.Nested(EmailSeen, load_default=None, allow_none=True)
    automatic = fields.Boolean(load_default=False)
    told_user_ids = fields.List(fields.String(), load_default=list)


class OpeningSeen(AttendanceSeen):
    """The fields read from attendance's attendance_opened (`has_entry`) and attendance_filed (`change`)."""

    person_id = fields.String(required=True)
    title = fields.String(load_default="")
    reference = fields.Integer(load_default=None, allow_none=True)
    has_entry = fields.Boolean(load_default=None, allow_none=True)
    change = fields.String(load_default=None, allow_none=True)
    center_id = fields.String(load_default=None, allow_none=True)
    flow_id = fields.String(load_default=None, allow_none=True)


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


class NfeSeen(EventData):
    """The fields read from sales' nfe_sent: the e-mail to the customer with XML and DANFE (row S22)."""

    sending_id = fields.String(required=True)
    person_id = fields.String(required=True)
    attendance_id = fields.String(required=True, allow_none=True)
    recipients = fields.List(fields.String(), required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)
    files = fields.List(fields.Nested(FileSeen), required=True)


@subscribe("attendance", "entry_recorded", takes=EntrySeen, once=False)
def on_attendance_entry_recorded(tx: NotificationsSession, event: ReceivedEvent) -> None:
    """Row N1: queues one e-mail a watcher; row A10: and the customer's copy; row N3: or the e-mail that the entry is;
    row N10: and one to who answers for what a customer wrote. Of what a program wrote in a customer's place nobody is.

    Nothing is queued about a person whose data was erased. Who sees the attendance is copied where somebody is told:
    attendance_opened and attendance_filed tell it of all.
    """
    if event.data.get("automatic"):
        return
    entry = for_watchers(event.data, tx.actor.id)
    mails, after = next_watcher_mails(tx, event.id, entry)
    mails += responsible_mails(tx, event.id, entry, event.data.get("told_user_ids", ()), mails)
    copy, files = customer_copy(event.id, event.data, tx.now, tx.actor.id) or (None, None)
    letters, enclosure = entry_mails(event.id, event.data, tx.now, tx.actor.id)
    mails += [*([copy] if copy else []), *letters]
    if not mails:
        return
    may = only_permitted(tx, mails, [AttendanceFiling(event.aggregate, event.sequence, event.data)])
    if files is not None and copy in may:
        _enclose(tx, files)
    if enclosure is not None and letters[0] in may:
        tx.enclose(enclosure)
    queue_mails_or_digests(tx, entry, may)
    if after is not None:
        tx.enqueue_remaining_watchers(event.id, entry, after)


def _enclose(tx: NotificationsSession, files: Enclosure) -> None:
    """A repeat does not bring back the files of a copy that was sent; they bear its id."""
    if not tx.deliveries.stored(files.id):
        tx.enclose(files)


@subscribe("sales", "document_sent", takes=DocumentSeen, once=False)
def on_sales_document_sent(tx: NotificationsSession, event: ReceivedEvent) -> None:
    """Rows S12, S23: queues one e-mail a recipient, all with the same PDF; none about an erased person."""
    _queue(tx, *document_mails(event.id, event.data, tx.now, tx.actor.id))


@subscribe("sales", "nfe_sent", takes=NfeSeen, once=False)
def on_sales_nfe_sent(tx: NotificationsSession, event: ReceivedEvent) -> None:
    """Row S22: queues one e-mail a recipient, all with the same files; none about an erased person."""
    _queue(tx, *nfe_mails(event.id, event.data, tx.now, tx.actor.id))


def _queue(tx: NotificationsSession, enclosure: Enclosure, mails: list[Delivery]) -> None:
    may = only_permitted(tx, mails)
    if may:
        tx.enclose(enclosure)
    for mail in may:
        tx.queue(mail)


@subscribe("people", "user_changed", takes=UserSeen, once=False)
def on_people_user_changed(tx: NotificationsSession, event: ReceivedEvent) -> None:
    tx.members.put(event.aggregate, event.sequence, event.data)


@subscribe("people", "key_changed", takes=KeySeen, once=False)
def on_people_key_changed(tx: NotificationsSession, event: ReceivedEvent) -> None:
    tx.members.put_key(event.sequence, event.data)


@subscribe("people", "role_changed", takes=RoleSeen, once=False)
def on_people_role_changed(tx: NotificationsSession, event: ReceivedEvent) -> None:
    tx.members.put_role(event.aggregate, event.sequence, event.data)


def _replica_fields(data: dict[str, Any]) -> dict[str, Any]:
    addresses = data.get("emails")
    if addresses is None:
        addresses = [data["email"]] if data.get("email") else []
    emails = sorted({address.lower() for address in addresses})
    return {**{name: data[name] for name in ("name", "categories")}, "emails": emails, "phones": data.get("phones", [])}


on_people_person_registered, on_people_person_changed, on_people_persons_imported = handlers.person_subscribers(
    PersonSeen, _replica_fields
)


def _told_of_opening(tx: NotificationsSession, event: ReceivedEvent) -> dict[str, Any]:
    """Row N1: of an attendance that was opened without an entry the watchers are told, too."""
    data = event.data
    if data.get("has_entry") is not False:
        return {}
    person = tx.persons.find(data["person_id"]) or {}
    opening = {**data, "text": None, "author_name": tx.actor.name, "person_name": person.get("name", "")}
    entry = for_watchers(opening, tx.actor.id)
    mails, after = next_watcher_mails(tx, event.id, entry)
    if mails:
        queue_mails_or_digests(
            tx, entry, only_permitted(tx, mails, [AttendanceFiling(event.aggregate, event.sequence, data)])
        )
    if after is not None:
        tx.enqueue_remaining_watchers(event.id, entry, after)
    return {}


on_attendance_attendance_opened, on_attendance_attendance_filed = handlers.attendance_subscribers(
    OpeningSeen, _told_of_opening
)
on_people_company_changed = handlers.company_subscriber()
on_attendance_flow_changed = handlers.flow_subscriber()
