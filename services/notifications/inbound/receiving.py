"""Storing a message that a channel has received, once, and announcing it. Every channel ends here."""

from __future__ import annotations

from dataclasses import replace

from services.notifications import events
from services.notifications.inbound.model import (
    RECEIVED,
    UNASSIGNED,
    InboundMessage,
    Received,
    announced,
    files_of,
    message_id,
)
from services.notifications.inbound.notices import patience
from services.notifications.session import NotificationsSession


def receive(tx: NotificationsSession, found: Received) -> InboundMessage | None:
    """Row N10: the message as it is kept; None for one that was stored before, or of an erased person.

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
    remind_of(tx, message)
    files, _ = files_of(found)
    tx.inbound.add(message, files)
    announce(tx, message)
    return message


def remind_of(tx: NotificationsSession, message: InboundMessage) -> None:
    """Of one that waits for a user others are told, when it has waited too long."""
    message.next_at = tx.now + patience() if message.state == UNASSIGNED else None


def announce(tx: NotificationsSession, message: InboundMessage) -> None:
    """Publishes message_received of one that is to become an entry."""
    if message.state == RECEIVED:
        data = announced(message, tx.inbound.files(message.id))
        tx.publish(events.MESSAGE_RECEIVED, message.id, message.version, **data)
