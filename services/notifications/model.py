"""Watches of persons, and the deliveries (e-mails) to watchers and customers.

Pure: no framework, store, transport or clock.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from services.chassis import texts
from services.chassis.access.visibility import AttendanceFacts, Sight

NAMESPACE = uuid.UUID("0b8f2c7e-3d64-5a19-8e57-94c1d2a6f3b5")
QUEUED, SENT, FAILED, DEAD, SUPPRESSED = DELIVERY_STATUSES = ("queued", "sent", "failed", "dead", "suppressed")
EMAIL = "email"
CHANNELS = (EMAIL,)
PERSON_ERASED = "person_erased"
# Reasons why a user may not receive a mail. Only the first is temporary: the mail is tried again.
RECIPIENT_UNKNOWN, RECIPIENT_INACTIVE, RIGHT_MISSING = "recipient_unknown", "recipient_inactive", "right_missing"
# The mail shows the person and the text of the entry: its reader needs both permissions.
RIGHTS = frozenset({"people.read", "attendance.read"})
SECTIONS = ("watchers", "attendances")
BACK_OFF = tuple(dt.timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600))
MAX_ATTEMPTS = 8
MAX_SUBJECT = 200
MAX_ERROR = 500
UNKNOWN_TYPE = ("application", "octet-stream")
# An attachment of these types may not be base64-encoded (RFC 2046): mail readers would look for parts inside it.
BROKEN_BY_ENCODING = ("message", "multipart")
PATH_SIGNS = re.compile(r"[/\\]")
MEDIA_TYPE = re.compile(r"([a-z0-9][a-z0-9.+-]*)/([a-z0-9][a-z0-9.+-]*)", re.ASCII)


@dataclass
class Watch:
    """A user who receives an e-mail for every entry recorded for a person (row N1)."""

    user_id: str
    user_name: str
    email: str
    person_id: str
    since: dt.datetime


@dataclass(frozen=True)
class Member:
    """A user of the company, with the permissions and scopes of their roles, from the replicas here."""

    active: bool
    permissions: frozenset[str]
    sight: Sight


def refusal(member: Member | None, categories: Collection[str], facts: AttendanceFacts | None) -> str | None:
    """The reason why the user may not receive an e-mail about the attendance; None where they may.

    `categories` are the person's. Checked when the e-mail is queued, and again before every attempt to send it.
    """
    if member is None:
        return RECIPIENT_UNKNOWN
    if not member.active:
        return RECIPIENT_INACTIVE
    sight = member.sight
    sees = all(map(sight.section, SECTIONS)) and sight.person(categories) and sight.attendance(facts)
    return None if sees and member.permissions >= RIGHTS else RIGHT_MISSING


@dataclass(frozen=True)
class File:
    """An attached file of an e-mail."""

    name: str
    media_type: str
    content: bytes

    @property
    def kind(self) -> tuple[str, str]:
        """Main type and subtype for the Content-Type header; UNKNOWN_TYPE where the file's own cannot be used."""
        match = MEDIA_TYPE.fullmatch(self.media_type.lower())
        return (match[1], match[2]) if match and match[1] not in BROKEN_BY_ENCODING else UNKNOWN_TYPE


@dataclass(frozen=True)
class Enclosure:
    """The content of an e-mail besides its plain text: HTML (or None) and attached files.

    `id` is the id of a document's sending, whose recipients share the enclosure; or the id of the only delivery that
    uses it, and then it is deleted once that delivery is `finished`.
    """

    id: str
    person_id: str
    html: str | None
    files: list[File]
    created_at: dt.datetime


@dataclass
class Delivery:
    """One message to one recipient. Its id and Message-ID are derived from the event, so a repeat has the same ids."""

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
    # the attendance that the message is about; the user who receives it, or None for the customer
    attendance_id: str | None = None
    user_id: str | None = None
    # the server will never take it, or there is nothing to send: another try is of no use
    refused: bool = False

    def sent(self, at: dt.datetime) -> None:
        self.attempts += 1
        self.status = SENT
        self.sent_at = at
        self.next_at = None
        self.last_error = None

    def suppress(self, reason: str) -> None:
        """Marks it as not to be sent, for a reason that arose after it was queued; it is not tried again."""
        self.status, self.next_at, self.last_error = SUPPRESSED, None, reason

    @property
    def finished(self) -> bool:
        """Whether nothing can send it any more. False for one without attempts left: it is parked, to be requeued.

        A row of an earlier version does not say that it was `refused`: then its attempts do, but for the last one.
        """
        if self.status == DEAD:
            return self.refused or self.attempts < MAX_ATTEMPTS
        return self.status in (SENT, SUPPRESSED)

    @property
    def given_up(self) -> bool:
        """Whether its attempts are used up, and one more, by hand, might still send it."""
        return self.status == DEAD and not self.finished

    def failed(self, error: str, now: dt.datetime, permanent: bool = False) -> None:
        """Counts a failed attempt at `now` (UTC) and sets the next one; dead if `permanent` or after MAX_ATTEMPTS."""
        self.attempts += 1
        self.refused = permanent
        self.last_error = error[:MAX_ERROR]
        if permanent or self.attempts >= MAX_ATTEMPTS:
            self.status, self.next_at = DEAD, None
            return
        self.status = FAILED
        self.next_at = now + BACK_OFF[min(self.attempts, len(BACK_OFF)) - 1]


def one_line(text: str, limit: int = MAX_SUBJECT) -> str:
    """The text without control characters, for a header: a line break would let a title inject further headers."""
    spaced = "".join(" " if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in text)
    return " ".join(spaced.split())[:limit].rstrip()


def file_name(name: str) -> str:
    """The name without path and invisible characters: one that reverses the reading direction hides an extension."""
    return PATH_SIGNS.sub("_", texts.one_line(name)).strip(" .") or "anexo"


def delivery_id(event_id: str, recipient: str) -> str:
    return uuid.uuid5(NAMESPACE, f"{event_id}:{recipient.lower()}").hex


def delivery_for(event_id: str, entry: dict[str, Any], watcher: Watch, now: dt.datetime) -> Delivery:
    """The e-mail to a watcher about an entry; `entry` is the data of EntrySeen."""
    subject = f"Novo parecer de {entry['person_name']}: {entry['title']}"
    mail = _email(delivery_id(event_id, watcher.email), entry, watcher.email, subject, _body(entry, watcher), now)
    mail.user_id = watcher.user_id
    return mail


def for_watchers(entry: dict[str, Any]) -> dict[str, Any]:
    """EntrySeen's data without the customer's files: enough for the watchers' e-mails."""
    return {name: value for name, value in entry.items() if name not in ("files", "left_out")}


def customer_copy(
    event_id: str, entry: dict[str, Any], now: dt.datetime
) -> tuple[Delivery, Enclosure | None] | None:  # fmt: skip
    """Row A10: the customer's copy of an entry (EntrySeen's data) with its files; None where none was asked for."""
    address = entry["customer_email"]
    if not entry["notify_customer"] or not address:
        return None
    number = f" (atendimento nº {entry['reference']})" if entry["reference"] else ""
    body = (
        f"Olá, {entry['person_name']}.\n\n"
        f"{entry['author_name']} registrou no seu atendimento “{entry['title']}”{number}:\n\n"
        f"{entry['text']}\n"
        f"{_left_out(entry['left_out'])}"
    )
    # An id of its own: a watcher with the same address receives another text.
    copy = _email(delivery_id(event_id, f"customer:{address}"), entry, address, entry["title"], body, now)
    files = [File(**file) for file in entry["files"]]
    if not files:
        return copy, None
    copy.enclosure_id = copy.id
    return copy, Enclosure(copy.id, copy.person_id, None, files, now)


def document_mails(event_id: str, document: dict[str, Any], now: dt.datetime) -> tuple[Enclosure, list[Delivery]]:
    """Rows S12, S23: one e-mail a recipient of a quote or visit sheet (DocumentSeen's data), and their enclosure."""
    paper = File(document["file_name"], "application/pdf", document["pdf"])
    enclosure = Enclosure(document["sending_id"], document["person_id"], document["html"], [paper], now)
    mails = []
    for address in document["recipients"]:
        mail_id = delivery_id(event_id, f"document:{address}")
        mail = _email(mail_id, document, address, document["subject"], document["text"], now)
        mail.enclosure_id = enclosure.id
        mails.append(mail)
    return enclosure, mails


def _email(delivery: str, about: dict[str, Any], recipient: str, subject: str, body: str, now: dt.datetime) -> Delivery:
    return Delivery(
        id=delivery,
        person_id=about["person_id"],
        channel=EMAIL,
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


def _left_out(names: list[str]) -> str:
    """The sentence for the customer about files that were too large for the e-mail; empty without any."""
    if not names:
        return ""
    sentence = "este arquivo não foi anexado" if len(names) == 1 else "estes arquivos não foram anexados"
    return "\n".join(
        (f"\nPor causa do tamanho, {sentence} a este e-mail:", *(f"- {file_name(one)}" for one in names), "")
    )


def _body(entry: dict[str, Any], watcher: Watch) -> str:
    return (
        f"Olá, {watcher.user_name}.\n\n"
        f"{entry['author_name']} registrou um parecer para {entry['person_name']}.\n"
        f"Atendimento: {entry['title']}\n\n"
        f"{entry['text']}\n\n"
        f"Você recebe este aviso porque acompanha {entry['person_name']}.\n"
    )
