"""Who watches a person, and the deliveries that tell them.

No framework, store, transport or clock may enter.
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
OF_NO_KIND = ("application", "octet-stream")
# These two are not what they say once they are encoded: a mail's parts would be looked for in them.
BROKEN_BY_ENCODING = ("message", "multipart")
PATH_SIGNS = re.compile(r"[/\\]")
MEDIA_TYPE = re.compile(r"([a-z0-9][a-z0-9.+-]*)/([a-z0-9][a-z0-9.+-]*)", re.ASCII)


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
class File:
    """A file of an e-mail."""

    name: str
    media_type: str
    content: bytes

    @property
    def kind(self) -> tuple[str, str]:
        """The two parts of the media type that the e-mail says."""
        found = MEDIA_TYPE.fullmatch(self.media_type.lower())
        return (found[1], found[2]) if found and found[1] not in BROKEN_BY_ENCODING else OF_NO_KIND


@dataclass(frozen=True)
class Enclosure:
    """What an e-mail holds besides its plain text: its HTML, if any, and files.

    `id`: of a sending, whose recipients share it; or of the one delivery that it is for, and then it goes with that
    (Delivery.finished).
    """

    id: str
    person_id: str
    html: str | None
    files: list[File]
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

    @property
    def finished(self) -> bool:
        """Nothing can send it any more; one whose tries are used up is parked, and may be requeued by hand."""
        return self.status in (SENT, SUPPRESSED) or (self.status == DEAD and self.attempts < MAX_ATTEMPTS)

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


def file_name(asked: str) -> str:
    """Without a path, and without what can't be seen: a sign that turns the reading direction hides an extension."""
    return PATH_SIGNS.sub("_", texts.one_line(asked)).strip(" .") or "anexo"


def delivery_id(event_id: str, recipient: str) -> str:
    return uuid.uuid5(NAMESPACE, f"{event_id}:{recipient.lower()}").hex


def delivery_for(event_id: str, entry: dict[str, Any], watcher: Watch, now: dt.datetime) -> Delivery:
    """The e-mail that tells a watcher of an entry (EntrySeen's data)."""
    subject = f"Novo parecer de {entry['person_name']}: {entry['title']}"
    told = _email(delivery_id(event_id, watcher.email), entry, watcher.email, subject, _body(entry, watcher), now)
    told.user_id = watcher.user_id
    return told


def for_watchers(entry: dict[str, Any]) -> dict[str, Any]:
    """EntrySeen's data without the customer's files: what watchers are told, and what is kept until they are."""
    return {name: value for name, value in entry.items() if name not in ("files", "left_out")}


def customer_copy(
    event_id: str, entry: dict[str, Any], now: dt.datetime
) -> tuple[Delivery, Enclosure | None] | None:  # fmt: skip
    """Row A10: the customer's copy with the entry's files, where its author chose to send one (EntrySeen's data)."""
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
    # Of its own even where a watcher has the same address: what they are told differs.
    copy = _email(delivery_id(event_id, f"customer:{address}"), entry, address, entry["title"], body, now)
    files = [File(**one) for one in entry["files"]]
    if not files:
        return copy, None
    copy.enclosure_id = copy.id
    return copy, Enclosure(copy.id, copy.person_id, None, files, now)


def document_mails(event_id: str, document: dict[str, Any], now: dt.datetime) -> tuple[Enclosure, list[Delivery]]:
    """Rows S12, S23: a quote or visit sheet (DocumentSeen's data), one e-mail a recipient."""
    paper = File(document["file_name"], "application/pdf", document["pdf"])
    enclosure = Enclosure(document["sending_id"], document["person_id"], document["html"], [paper], now)
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


def _left_out(names: list[str]) -> str:
    """What the customer reads of files that had no room in the e-mail."""
    if not names:
        return ""
    said = "este arquivo não foi anexado" if len(names) == 1 else "estes arquivos não foram anexados"
    return "\n".join((f"\nPor causa do tamanho, {said} a este e-mail:", *(f"- {file_name(one)}" for one in names), ""))


def _body(entry: dict[str, Any], watcher: Watch) -> str:
    return (
        f"Olá, {watcher.user_name}.\n\n"
        f"{entry['author_name']} registrou um parecer para {entry['person_name']}.\n"
        f"Atendimento: {entry['title']}\n\n"
        f"{entry['text']}\n\n"
        f"Você recebe este aviso porque acompanha {entry['person_name']}.\n"
    )
