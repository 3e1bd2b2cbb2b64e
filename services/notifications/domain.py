"""Who watches a person, and the deliveries that tell them.

No framework, store, transport or clock may enter.
"""

from __future__ import annotations

import base64
import datetime as dt
import unicodedata
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from services.chassis.visibility import AttendanceFacts, Sight

NAMESPACE = uuid.UUID("0b8f2c7e-3d64-5a19-8e57-94c1d2a6f3b5")
QUEUED, SENT, FAILED, DEAD, SUPPRESSED = "queued", "sent", "failed", "dead", "suppressed"
PERSON_ERASED = "person_erased"
# What keeps a mail from a user; the first one may pass.
RECIPIENT_UNKNOWN, RECIPIENT_INACTIVE, RIGHT_MISSING = "recipient_unknown", "recipient_inactive", "right_missing"
# An entry's mail shows the person and what was said.
RIGHTS = frozenset({"people.read", "attendance.read"})
SECTIONS = ("watchers", "attendances")
BACK_OFF = tuple(dt.timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600))
MAX_ATTEMPTS = 8
MAX_SUBJECT = 200
MAX_ERROR = 500


@dataclass
class Watch:
    """A user who asked to be told of every entry recorded for a person (row N1)."""

    user_id: str
    user_name: str
    email: str
    person_id: str
    since: dt.datetime


@dataclass(frozen=True)
class Member:
    """A user of the company, and what their roles let them do and see, as far as we have heard."""

    active: bool
    permissions: frozenset[str]
    sight: Sight


def refusal(member: Member | None, categories: Collection[str], facts: AttendanceFacts | None) -> str | None:
    """Why this user may not be told of an entry of the attendance; None where they may.

    `categories`: the person's. Asked when somebody is told, and again when it is sent.
    """
    if member is None:
        return RECIPIENT_UNKNOWN
    if not member.active:
        return RECIPIENT_INACTIVE
    sight = member.sight
    sees = all(map(sight.section, SECTIONS)) and sight.person(categories) and sight.attendance(facts)
    return None if sees and member.permissions >= RIGHTS else RIGHT_MISSING


@dataclass(frozen=True)
class Enclosure:
    """What an e-mail holds besides its plain text, kept once for all its recipients: the HTML, and a PDF."""

    id: str
    person_id: str
    html: str
    pdf: bytes
    file_name: str
    created_at: dt.datetime


@dataclass
class Delivery:
    """One message to one recipient; its id and Message-ID follow from the event, so a repeat is the same one."""

    id: str
    person_id: str
    channel: str
    recipient: str
    subject: str
    body: str
    status: str
    attempts: int
    last_error: str | None
    message_id: str
    created_at: dt.datetime
    sent_at: dt.datetime | None
    next_at: dt.datetime | None
    enclosure_id: str | None = None
    # whose conversation it tells of, and the user that it goes to: None for the customer
    attendance_id: str | None = None
    user_id: str | None = None

    def sent(self, at: dt.datetime) -> None:
        self.attempts += 1
        self.status = SENT
        self.sent_at = at
        self.next_at = None
        self.last_error = None

    def suppress(self, reason: str) -> None:
        """Not sent, and not tried again: since it was queued, something came that forbids it."""
        self.status, self.next_at, self.last_error = SUPPRESSED, None, reason

    def failed(self, error: str, now: dt.datetime, permanent: bool = False) -> None:
        """Waits for the next attempt; dead when the failure is permanent or the attempts are used up."""
        self.attempts += 1
        self.last_error = error[:MAX_ERROR]
        if permanent or self.attempts >= MAX_ATTEMPTS:
            self.status, self.next_at = DEAD, None
            return
        self.status = FAILED
        self.next_at = now + BACK_OFF[min(self.attempts, len(BACK_OFF)) - 1]


def one_line(text: str, limit: int = MAX_SUBJECT) -> str:
    """A header's text: a line break in it would let a title write headers of its own."""
    spaced = "".join(" " if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in text)
    return " ".join(spaced.split())[:limit].rstrip()


def delivery_id(event_id: str, recipient: str) -> str:
    return uuid.uuid5(NAMESPACE, f"{event_id}:{recipient.lower()}").hex


def delivery_for(event_id: str, entry: dict[str, Any], watcher: Watch, now: dt.datetime) -> Delivery:
    """The e-mail that tells a watcher of an entry (EntrySeen's data)."""
    subject = f"Novo parecer de {entry['person_name']}: {entry['title']}"
    told = _email(delivery_id(event_id, watcher.email), entry, watcher.email, subject, _body(entry, watcher), now)
    told.user_id = watcher.user_id
    return told


def customer_copy(event_id: str, entry: dict[str, Any], now: dt.datetime) -> Delivery | None:
    """Row A10: the customer's copy, where the entry's author chose to send one."""
    address = entry["customer_email"]
    if not entry["notify_customer"] or not address:
        return None
    number = f" (atendimento nº {entry['reference']})" if entry["reference"] else ""
    body = (
        f"Olá, {entry['person_name']}.\n\n"
        f"{entry['author_name']} registrou no seu atendimento “{entry['title']}”{number}:\n\n"
        f"{entry['text']}\n"
    )
    # Of its own even where a watcher has the same address: what they are told differs.
    return _email(delivery_id(event_id, f"customer:{address}"), entry, address, entry["title"], body, now)


def document_mails(event_id: str, document: dict[str, Any], now: dt.datetime) -> tuple[Enclosure, list[Delivery]]:
    """Rows S12, S23: a quote or visit sheet (DocumentSeen's data), one e-mail a recipient."""
    pdf = base64.b64decode(document["pdf"])
    enclosure = Enclosure(
        document["sending_id"], document["person_id"], document["html"], pdf, document["file_name"], now
    )  # fmt: skip
    mails = []
    for address in document["recipients"]:
        # Of its own even where somebody is told of the same event otherwise.
        mail = delivery_id(event_id, f"document:{address}")
        made = _email(mail, document, address, document["subject"], document["text"], now)
        made.enclosure_id = enclosure.id
        mails.append(made)
    return enclosure, mails


def _email(delivery: str, about: dict[str, Any], recipient: str, subject: str, body: str, now: dt.datetime) -> Delivery:
    return Delivery(
        id=delivery,
        person_id=about["person_id"],
        channel="email",
        recipient=recipient,
        subject=one_line(subject),
        body=body,
        status=QUEUED,
        attempts=0,
        last_error=None,
        message_id=f"<{delivery}@vinculo>",
        created_at=now,
        sent_at=None,
        next_at=now,
        attendance_id=about["attendance_id"],
    )


def _body(entry: dict[str, Any], watcher: Watch) -> str:
    return (
        f"Olá, {watcher.user_name}.\n\n"
        f"{entry['author_name']} registrou um parecer para {entry['person_name']}.\n"
        f"Atendimento: {entry['title']}\n\n"
        f"{entry['text']}\n\n"
        f"Você recebe este aviso porque acompanha {entry['person_name']}.\n"
    )
