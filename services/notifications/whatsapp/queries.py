"""A person's messages over WhatsApp in both directions, and until when they may be written to freely (row N4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.chassis.errors import NotFound
from services.chassis.handling.entrypoints import query
from services.chassis.pages import cursor_of
from services.notifications.deliveries.model import LOG_SECTIONS, WHATSAPP, Delivery
from services.notifications.inbound.model import InboundMessage
from services.notifications.session import NotificationsSession
from services.notifications.whatsapp import contract

Data = dict[str, Any]


@query(
    takes=contract.ListWhatsAppMessages,
    gives=contract.WhatsAppMessagePage,
    needs="notifications.read",
    section=LOG_SECTIONS,
)
def list_whatsapp_messages(session: NotificationsSession, data: Data) -> Data:
    """Newest first; those that the actor may see. Raises NotFound("person_not_found"), Invalid("cursor_invalid")."""
    session.require_person(data["person_id"])
    person_id, limit, cursor = data["person_id"], data["limit"], data["cursor"]
    sent = session.deliveries.of_channel(person_id, WHATSAPP, limit + 1, cursor)
    received = session.inbound.page(limit + 1, cursor, person_id, None, WHATSAPP)["items"]
    items = sorted([*map(_sent, sent), *map(_received, received)], key=_place, reverse=True)[: limit + 1]
    following = cursor_of(*_place(items[limit - 1])) if len(items) > limit else None
    return {"items": items[:limit], "next_cursor": following}


def _place(item: Data) -> tuple[dt.datetime, str]:
    return item["at"], item["id"]


def _sent(delivery: Delivery) -> Data:
    return {
        "direction": contract.SENT,
        "id": delivery.id,
        "number": delivery.recipient,
        "text": delivery.body,
        "at": delivery.created_at,
        "state": delivery.status,
        "last_error": delivery.last_error,
        "attendance_id": delivery.attendance_id,
        "file_names": [delivery.file["name"]] if delivery.file else [],
    }


def _received(message: InboundMessage) -> Data:
    return {
        "direction": contract.RECEIVED,
        "id": message.id,
        "number": message.sender,
        "text": message.text,
        "at": message.received_at,
        "state": None,
        "last_error": None,
        "attendance_id": message.attendance_id,
        "file_names": [*message.file_names, *message.left_out],
    }


@query(takes=contract.GetWhatsAppFile, gives=contract.WhatsAppFile, needs="notifications.read", section=LOG_SECTIONS)
def get_whatsapp_file(session: NotificationsSession, data: Data) -> Data:
    """Of a message that the actor may see.

    Raises NotFound: person_not_found, inbound_message_not_found, whatsapp_file_not_found.
    """
    session.require_person(data["person_id"])
    message = session.inbound.get(data["message_id"])
    if message.person_id != session.redirects.current(data["person_id"]):
        raise NotFound("inbound_message_not_found", "Mensagem não encontrada.")
    return session.whatsapp_files.kept(message.id)


@query(
    takes=contract.GetWhatsAppFilePart,
    gives=contract.WhatsAppFilePart,
    needs="notifications.read",
    section=LOG_SECTIONS,
)
def get_whatsapp_file_part(session: NotificationsSession, data: Data) -> Data:
    """Raises as get_whatsapp_file does."""
    file = get_whatsapp_file.__wrapped__(session, data)  # type: ignore[attr-defined]
    return {"data": session.whatsapp_files.part(file["id"], data["number"])}


@query(
    takes=contract.GetWhatsAppWindows, gives=contract.WhatsAppWindows, needs="people.read", section="attendances"
)  # fmt: skip
def get_whatsapp_windows(session: NotificationsSession, data: Data) -> Data:
    """Of numbers that the caller knows."""
    account = session.whatsapp_accounts.sending()
    known = session.conversations.of_numbers(data["numbers"])
    windows = []
    for number in dict.fromkeys(data["numbers"]):
        conversation = known.get(number)
        is_open = conversation is not None and conversation.open_at(session.now)
        windows.append({"number": number, "open_until": conversation.open_until if conversation and is_open else None})
    return {"sender": account, "windows": windows}
