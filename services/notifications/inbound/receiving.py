"""Stores a received message once and publishes it; the last step of every channel."""

from __future__ import annotations

from dataclasses import replace

from services.notifications import events
from services.notifications.inbound.model import (
    RECEIVED,
    UNASSIGNED,
    InboundMessage,
    Received,
    event_data,
    files_of,
    message_id,
)
from services.notifications.inbound.notices import patience_before_reminding
from services.notifications.session import NotificationsSession


def receive(tx: NotificationsSession, found: Received) -> InboundMessage | None:
    """Row N10: stores and publishes the message; None for one that was stored before, or of an erased person.

    In a transaction.
    """
    if found.person_id and tx.persons.erased(found.person_id):
        return None
    known = tx.inbound.find(message_id(tx.company, found.channel, found.external_id))
    if known is not None and known.is_another(found):
        found = replace(found, external_id=f"{found.external_id} {found.received_at.isoformat()}")
        known = tx.inbound.find(message_id(tx.company, found.channel, found.external_id))
    if known is not None:
        return None
    message = InboundMessage.of(tx.company, found, tx.now)
    schedule_reminder(tx, message)
    files, _ = files_of(found)
    tx.inbound.add(message, files)
    announce(tx, message)
    return message


def schedule_reminder(tx: NotificationsSession, message: InboundMessage) -> None:
    """Sets when others are reminded of a message that waits for a user."""
    message.next_at = tx.now + patience_before_reminding() if message.state == UNASSIGNED else None


def announce(tx: NotificationsSession, message: InboundMessage) -> None:
    """Publishes message_received of a message that attendance shall make an entry of."""
    if message.state == RECEIVED:
        data = event_data(message, tx.inbound.files(message.id))
        tx.publish(events.MESSAGE_RECEIVED, message.id, message.version, **data)
