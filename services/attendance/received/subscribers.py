"""Messages from customers become entries of attendances, each once (row N10)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.attendance import events
from services.attendance.attendances.model.attendance import Attendance
from services.attendance.received.files import list_unkept_files, stage_files
from services.attendance.received.model import AUTOMATIC, ENTRY_KIND, NO_TEXT, entry_id
from services.attendance.received.placing import attendance_for
from services.attendance.session import AttendanceSession
from services.attendance.timeline.writing import record
from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.inputs import Base64
from services.chassis.schemas import EventData


class FileSeen(EventData):
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    content = Base64(required=True)


class MessageSeen(EventData):
    """The fields read from notifications' message_received."""

    message_id = fields.String(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(tuple(ENTRY_KIND)))
    kind = fields.String(required=True)
    person_id = fields.String(required=True)
    attendance_id = fields.String(required=True, allow_none=True)
    sender = fields.String(required=True)
    sender_name = fields.String(load_default="")
    subject = fields.String(load_default="")
    text = fields.String(required=True)
    quoted = fields.String(load_default="")
    verified = fields.Boolean(load_default=False)
    received_at = fields.DateTime(required=True)
    files = fields.List(fields.Nested(FileSeen), load_default=list)
    left_out = fields.List(fields.String(), load_default=list)


@subscribe("notifications", "message_received", takes=MessageSeen)
def on_notifications_message_received(tx: AttendanceSession, event: ReceivedEvent) -> None:
    """Records the message as an entry, whose id is derived from the message's. Nothing is written for an erased person.

    Raises NotReplicatedYet("person_not_found") before the person has arrived: the event is tried again.
    """
    message, attendance = event.data, None
    if not tx.persons.erased(message["person_id"]):
        attendance = attendance_for(tx, message)
    if attendance is not None:
        _record(tx, attendance, message)
    tx.publish(
        events.MESSAGE_FILED,
        message["message_id"],
        event.sequence,
        message_id=message["message_id"],
        attendance_id=attendance.id if attendance else None,
    )


def _record(tx: AttendanceSession, attendance: Attendance, message: dict[str, Any]) -> None:
    person = tx.persons.get(attendance.person_id)
    writer = message["sender_name"] or message["sender"] or person["name"]
    staged, refused = stage_files(tx, attendance, message["files"], writer)
    said = message["text"] or (NO_TEXT if not staged else "")
    words = [said, list_unkept_files(refused, message["left_out"])]
    kept = ("message_id", "channel", "sender", "subject", "quoted", "verified", "left_out")
    responsible = attendance.next_user_id or attendance.opened_by
    automatic = message["kind"] == AUTOMATIC
    record(
        tx,
        attendance,
        person,
        "\n\n".join(filter(None, words)),
        attachment_ids=staged,
        kind=ENTRY_KIND[message["channel"]],
        id=entry_id(tx.company, message["message_id"]),
        written_by=("", writer),
        automatic=automatic,
        told_user_ids=[responsible] if responsible and not automatic else [],
        data={**{name: message[name] for name in kept}, "automatic": automatic, "refused": refused},
    )
