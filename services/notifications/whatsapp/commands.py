"""Sending over WhatsApp, and taking what its callbacks say (row N4)."""

from __future__ import annotations

import hmac
import json
from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import Conflict, Forbidden
from services.chassis.handling.entrypoints import command
from services.notifications.deliveries.model import Delivery, delivery_id
from services.notifications.session import NotificationsSession
from services.notifications.whatsapp import contract
from services.notifications.whatsapp.incoming import take_message, take_states
from services.notifications.whatsapp.model import Content, Conversation, message_to, window_closed
from services.notifications.whatsapp.outgoing import message_file
from services.notifications.whatsapp.reading import read
from services.notifications.whatsapp_accounts.checking import secrets_of
from services.notifications.whatsapp_accounts.model import Template

Data = dict[str, Any]


@command(
    takes=contract.SendWhatsAppMessage, gives=contract.Delivery, needs="notifications.write", section="attendances"
)  # fmt: skip
def send_whatsapp_message(tx: NotificationsSession, data: Data) -> Delivery:
    """A text or a file while the customer's window is open, or a template at any time.

    Raises NotFound: person_not_found, attendance_not_found, whatsapp_template_not_found, whatsapp_file_not_found;
    Conflict: person_erased, whatsapp_account_missing, whatsapp_window_closed (with the templates that may be sent);
    what Template.filled, Template.require_file and message_file do.
    """
    person, number = tx.persons.get(data["person_id"]), data["to"]
    if data["attendance_id"]:
        tx.attendances.get(data["attendance_id"])
    if tx.whatsapp_accounts.find() is None:
        raise Conflict("whatsapp_account_missing", "A empresa não tem conta de WhatsApp cadastrada.")
    conversation = tx.conversations.find(number) or Conversation(number, None, tx.now)
    body, content = _content(tx, data, person["_id"])
    if content.free and not conversation.open_at(tx.now):
        raise window_closed(tx.whatsapp_accounts.sendable())
    conversation.note_sent(person["_id"], tx.now)
    tx.conversations.save(conversation)
    about = (person["_id"], data["attendance_id"] or None)
    message = message_to(delivery_id(tx.new_id(), number), about, number, body, content, tx.now)
    tx.queue(message)
    return message


def _content(tx: NotificationsSession, data: Data, person_id: str) -> tuple[str, Content]:
    """What is shown of the message, and what it is."""
    chosen = data["template"]
    template = tx.whatsapp_accounts.template(chosen["name"], chosen["language"]) if chosen else None
    text = template.filled(chosen["values"]) if template else data["text"]
    file = _file(tx, data, person_id, template)
    if template is None:
        return text or (file["name"] if file else ""), Content(file=file)
    parts = [{"kind": one.kind, "variables": list(one.variables), "button": one.button} for one in template.parts]
    sent = {"name": template.name, "language": template.language, "values": chosen["values"], "parts": parts}
    return text, Content(sent, file)


def _file(tx: NotificationsSession, data: Data, person_id: str, template: Template | None) -> Data | None:
    """The message's file, which is the person's from now on; None of one without."""
    upload = tx.whatsapp_files.uploaded_by(data["file_id"], tx.actor.id) if data["file_id"] else None
    if template is not None:
        template.require_file(upload["kind"] if upload else None)
    if upload is None:
        return None
    file = message_file(upload, data["text"])
    tx.whatsapp_files.use(upload, person_id)
    return file


def _signature_refusal() -> Forbidden:
    """Of a company without an account, too: a stranger learns nothing."""
    return Forbidden("whatsapp_signature_invalid", "A assinatura não confere.")


@command(
    takes=contract.VerifyWhatsAppCallback,
    gives=contract.CallbackVerified,
    needs="whatsapp.callback",
    section=CONFIGURATION,
    once=False,
)
def verify_whatsapp_callback(tx: NotificationsSession, data: Data) -> Data:
    """Meta's handshake. Raises Forbidden("whatsapp_signature_invalid")."""
    account = tx.whatsapp_accounts.find()
    known = secrets_of(tx.company, account)["verify_token"] if account else ""
    if not known or not hmac.compare_digest(known.encode(), data["verify_token"].encode()):
        raise _signature_refusal()
    return {"verified": True}


def _read(session: NotificationsSession, data: Data) -> Data:
    """What the callback says, once its signature is found right."""
    account = session.whatsapp_accounts.find()
    if account is None:
        raise _signature_refusal()
    secret = secrets_of(session.company, account)["app_secret"]
    right = f"sha256={hmac.new(secret.encode(), data['body'], 'sha256').hexdigest()}"
    if not hmac.compare_digest(right.encode(), data["signature"].encode()):
        raise _signature_refusal()
    try:
        body = json.loads(data["body"])
    except (ValueError, RecursionError):
        body = None  # signed, and no JSON: there is nothing to take
    states, messages = read(body, account.phone_number_id)
    return {"states": states, "messages": messages}


@command(
    takes=contract.TakeWhatsAppCallback, gives=contract.CallbackTaken, needs="whatsapp.callback", section=CONFIGURATION,
    before_transaction=_read,
)  # fmt: skip
def take_whatsapp_callback(tx: NotificationsSession, data: Data) -> Data:
    """States move our messages forward, messages open the window; what is told again changes nothing.

    Raises Forbidden("whatsapp_signature_invalid"), and nothing is changed.
    """
    take_states(tx, data["states"])
    for message in data["messages"]:
        take_message(tx, message)
    return {"states": len(data["states"]), "messages": len(data["messages"])}
