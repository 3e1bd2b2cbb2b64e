"""Handles what attendance did with a published message (row N10)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.schemas import EventData
from services.notifications.inbound.model import RECEIVED
from services.notifications.inbound.receiving import schedule_reminder
from services.notifications.session import NotificationsSession


class MessageFiledSeen(EventData):
    """The fields read from attendance's message_filed; no `attendance_id`: it has no place, and waits for a user."""

    message_id = fields.String(required=True)
    attendance_id = fields.String(required=True, allow_none=True)


@subscribe("attendance", "message_filed", takes=MessageFiledSeen)
def on_attendance_message_filed(tx: NotificationsSession, event: ReceivedEvent) -> None:
    """Ignores the answer to an earlier publication of the message, and one about a message that an erasure removed."""
    message = tx.inbound.find(event.data["message_id"])
    if message is None or message.state != RECEIVED or message.version != event.sequence:
        return
    message.file(event.data["attendance_id"])
    schedule_reminder(tx, message)
    tx.inbound.save(message)
    if event.data["attendance_id"] is not None:
        tx.inbound.forget_files(message.id)
