"""Decides what a mail of a mailbox is: a customer's message, an answer, a bounce, or nothing to store (row N10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.notifications.deliveries.model import Delivery
from services.notifications.inbound.model import AUTOMATIC_ANSWER, BOUNCE, EMAIL, InboundMessage, Received, message_id
from services.notifications.inbound.receiving import receive
from services.notifications.mailboxes.model import OWN_MESSAGE_ID, Mailbox, delivery_answered, is_certain
from services.notifications.mailboxes.parsing.mail import Mail
from services.notifications.session import NotificationsSession


def take_mail(
    tx: NotificationsSession, mailbox: Mailbox, key: bytes, mail: Mail, left_out: Sequence[str] = ()
) -> InboundMessage | None:
    """Stores the mail and returns the message; None for one that is stored already, or is not stored at all.

    From the company's mailbox every mail of a person is stored, from a user's own only answers to our mails. `key`
    signs the company's reply addresses. No mail is ever answered automatically.
    """
    if _is_own_mail(tx, mailbox, mail):
        return None
    delivery = _delivery(tx, mailbox, key, mail)
    if mail.bounce is not None:
        return _record_bounce(tx, mail, delivery)
    answered = delivery if delivery is not None and delivery.user_id is None else None
    before = _message_before(tx, mail) if answered is None else None
    if mailbox.of_user and answered is None and before is None:
        return None
    if delivery is not None and answered is None and before is None:
        # an answer to a user's notice opens no attendance: its notice could be answered again, by a program, without
        # end
        person, attendance = None, None
    else:
        person, attendance = _place(tx, mail, answered, before)
    from_list = mail.from_list and answered is None and before is None
    message = replace(
        _inbound_of(mail),
        kind=AUTOMATIC_ANSWER if from_list else mail.kind,
        person_id=person,
        attendance_id=attendance,
        delivery_id=answered.id if answered else None,
        verified=bool(answered or before) or is_certain(mail.sender, mailbox.authserv_id, mail.vouched),
        files=mail.files,
        left_out=left_out,
    )
    return receive(tx, message)


def _is_own_mail(tx: NotificationsSession, mailbox: Mailbox, mail: Mail) -> bool:
    """Whether we sent the mail and it came to this mailbox, or was forwarded to it: storing it would cause mails
    without end.
    """
    own = OWN_MESSAGE_ID.fullmatch(mail.message_id)
    return mail.sender == mailbox.address.lower() or (own is not None and tx.deliveries.stored(own[1]))


def _delivery(tx: NotificationsSession, mailbox: Mailbox, key: bytes, mail: Mail) -> Delivery | None:
    """The delivery that the mail answers, by its reply address, else by its references.

    Neither can be guessed: the address is signed, and our Message-IDs are made of random ids.
    """
    told = delivery_answered(mailbox.address, key, mail.recipients)
    found = [match[1] for one in mail.references if (match := OWN_MESSAGE_ID.fullmatch(one))]
    for delivery_id in [*([told] if told else []), *found]:
        delivery = tx.deliveries.find(delivery_id)
        if delivery is not None:
            return delivery
    return None


def _message_before(tx: NotificationsSession, mail: Mail) -> InboundMessage | None:
    """The earlier message that the mail refers to, if it is in an attendance."""
    for reference in mail.references:
        found = tx.inbound.find(message_id(tx.company, EMAIL, reference))
        if found is not None and found.attendance_id:
            return found
    return None


def _place(
    tx: NotificationsSession, mail: Mail, delivery: Delivery | None, before: InboundMessage | None
) -> tuple[str | None, str | None]:
    """The ids of person and attendance, as far as they are known."""
    known = delivery or before
    if known is not None:
        return known.person_id, known.attendance_id
    return tx.persons_by_address.only(mail.sender), None


def _record_bounce(tx: NotificationsSession, mail: Mail, delivery: Delivery | None) -> InboundMessage | None:
    """The delivery that the server speaks of is dead, with its reason; a delay leaves it as it is."""
    if delivery is None or mail.bounce is None:
        return None
    if mail.bounce.final and delivery.bounce(f"DSN {mail.bounce.code}", mail.bounce.reason, tx.now):
        tx.note_bounce(delivery)
    message = replace(
        _inbound_of(mail),
        kind=BOUNCE,
        person_id=delivery.person_id,
        attendance_id=delivery.attendance_id,
        delivery_id=delivery.id,
    )
    return receive(tx, message)


def _inbound_of(mail: Mail) -> Received:
    return Received(
        channel=EMAIL,
        external_id=mail.message_id,
        sender=mail.sender or "desconhecido",
        sender_name=mail.sender_name,
        subject=mail.subject,
        text=mail.text,
        quoted=mail.quoted,
        received_at=mail.sent_at,
        dated=mail.dated,
    )
