"""Applies a callback's states and messages. In a transaction; a repeated callback changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.notifications.cloud_api.failures import failure_of
from services.notifications.deliveries.model import WHATSAPP, Delivery
from services.notifications.inbound.model import Received, message_id
from services.notifications.inbound.receiving import receive
from services.notifications.session import NotificationsSession
from services.notifications.whatsapp.files import FILES, waiting_row
from services.notifications.whatsapp.model import Conversation
from services.notifications.whatsapp.reading import DELIVERED, READ, SENT, IncomingMessage, StateUpdate


def take_states(tx: NotificationsSession, states: Sequence[StateUpdate]) -> None:
    """Moves our messages' states forward; ignores other messages. A callback may have a thousand states."""
    found = tx.deliveries.by_callback_ids({(one.delivery_id, one.message_id) for one in states})
    changed: dict[str, Delivery] = {}
    for told in states:
        delivery = found.get((told.delivery_id, told.message_id))
        if delivery is not None and _apply_state(delivery, told, tx.now):
            changed[delivery.id] = delivery
    for delivery in changed.values():
        tx.deliveries.save_states(delivery)


def _apply_state(delivery: Delivery, told: StateUpdate, now: dt.datetime) -> bool:
    before, at = delivery.status, min(told.at, now)
    if told.state == SENT:
        delivery.mark_accepted(at)
    elif told.state == DELIVERED:
        delivery.mark_delivered(at)
    elif told.state == READ:
        delivery.mark_read(at)
    elif delivery.message_id in ("", told.message_id):  # what became of an earlier try says nothing of this one
        delivery.mark_undelivered(failure_of(0, told.code, told.said), now)
    if delivery.status == before:
        return False
    delivery.message_id = told.message_id
    return True


def take_message(tx: NotificationsSession, told: IncomingMessage) -> None:
    """Opens the 24 hours' window of the number's conversation and stores the message (inbound/receiving.py): at once,
    or after its file was fetched. The message's person is the one whom the company last wrote to at that number.
    """
    known_before = tx.inbound.find(message_id(tx.company, WHATSAPP, told.id)) is not None
    if known_before or tx.whatsapp_files.find(tx.company, told.id) is not None:
        return
    person_id = _conversation(tx, told, told.number) if told.number else None
    answered = tx.deliveries.by_callback_ids([("", told.answers)]).get(("", told.answers)) if told.answers else None
    found = Received(
        channel=WHATSAPP,
        external_id=told.id,
        sender=told.number or told.sender,
        received_at=min(told.at, tx.now),
        text=told.text,
        sender_name=told.name,
        person_id=person_id,
        attendance_id=answered.attendance_id if answered and answered.person_id == person_id else None,
        delivery_id=answered.id if answered else None,
        verified=True,
    )
    if told.file is None:
        receive(tx, found)
    else:
        tx.enqueue(FILES, waiting_row(tx.company, found, told.file, tx.now))


def _conversation(tx: NotificationsSession, told: IncomingMessage, number: str) -> str | None:
    """Notes the message in its conversation; returns the id of its person, if known."""
    conversation = tx.conversations.find(number) or Conversation(number, None, tx.now)
    known = conversation.person_id
    person_id = known if known and not tx.persons.erased(known) else tx.conversations.owner_of(number)
    conversation.note_received(min(told.at, tx.now), person_id)
    tx.conversations.save(conversation)
    return person_id
