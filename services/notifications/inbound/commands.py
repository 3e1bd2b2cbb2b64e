"""A user assigns or discards a received message (row N10)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import command
from services.notifications.inbound import contract
from services.notifications.inbound.model import InboundMessage
from services.notifications.inbound.receiving import announce
from services.notifications.session import NotificationsSession


@command(
    takes=contract.AssignInboundMessage,
    gives=contract.InboundMessage,
    needs="notifications.write",
    section="attendances",
)
def assign_inbound_message(tx: NotificationsSession, data: dict[str, Any]) -> InboundMessage:
    """Raises NotFound: inbound_message_not_found, person_not_found, attendance_not_found; Conflict: person_erased,
    inbound_message_settled."""
    message = tx.inbound.get(data["message_id"])
    person = tx.persons.get(data["person_id"])
    if data["attendance_id"]:
        tx.attendances.get(data["attendance_id"])
    message.assign(person["_id"], data["attendance_id"] or None, (tx.actor.id, tx.actor.name), tx.now)
    tx.inbound.save(message)
    tx.inbound.hand_over(message)
    announce(tx, message)
    return message


@command(
    takes=contract.DiscardInboundMessage,
    gives=contract.InboundMessage,
    needs="notifications.write",
    section="attendances",
)
def discard_inbound_message(tx: NotificationsSession, data: dict[str, Any]) -> InboundMessage:
    """Deletes its files, too. Raises NotFound("inbound_message_not_found"), Conflict("inbound_message_settled")."""
    message = tx.inbound.get(data["message_id"])
    message.discard((tx.actor.id, tx.actor.name), tx.now)
    tx.inbound.save(message)
    tx.inbound.forget_files(message.id)
    return message
