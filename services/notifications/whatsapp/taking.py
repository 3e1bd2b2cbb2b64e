"""What a callback's states and messages change. In a transaction, and as often as they are told."""

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
from services.notifications.whatsapp.reading import DELIVERED, READ, SENT, MessageTold, StateTold


def take_states(tx: NotificationsSession, states: Sequence[StateTold]) -> None:
    """Of our messages, forward only; of any other nothing. Meta tells of a thousand at once."""
    found = tx.deliveries.told_of({(one.delivery_id, one.message_id) for one in states})
    changed: dict[str, Delivery] = {}
    for told in states:
        delivery = found.get((told.delivery_id, told.message_id))
        if delivery is not None and _moved(delivery, told, tx.now):
            changed[delivery.id] = delivery
    for delivery in changed.values():
        tx.deliveries.write_told(delivery)


def _moved(delivery: Delivery, told: StateTold, now: dt.datetime) -> bool:
    before, at = delivery.status, min(told.at, now)
    if told.state == SENT:
        delivery.taken(at)
    elif told.state == DELIVERED:
        delivery.arrived(at)
    elif told.state == READ:
        delivery.opened(at)
    elif delivery.message_id in ("", told.message_id):  # what became of an earlier try says nothing of this one
        delivery.came_back(failure_of(0, told.code, told.said), now)
    if delivery.status == before:
        return False
    delivery.message_id = told.message_id
    return True


def take_message(tx: NotificationsSession, told: MessageTold) -> None:
    """It opens the window of its number's conversation, whose person is whom the company last wrote to there, and is
    handed to an attendance (inbound/receiving.py): at once, or with its file once that is here."""
    known_before = tx.inbound.find(message_id(tx.company, WHATSAPP, told.id)) is not None
    if known_before or tx.whatsapp_files.find(tx.company, told.id) is not None:
        return
    person_id = _conversation(tx, told, told.number) if told.number else None
    answered = tx.deliveries.told_of([("", told.answers)]).get(("", told.answers)) if told.answers else None
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


def _conversation(tx: NotificationsSession, told: MessageTold, number: str) -> str | None:
    """The person whose message it is, where that is known."""
    conversation = tx.conversations.find(number) or Conversation(number, None, tx.now)
    known = conversation.person_id
    person_id = known if known and not tx.persons.erased(known) else tx.conversations.owner_of(number)
    conversation.received(min(told.at, tx.now), person_id)
    tx.conversations.save(conversation)
    return person_id
