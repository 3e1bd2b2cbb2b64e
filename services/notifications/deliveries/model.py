"""Deliveries: one message to one recipient, its states and what it encloses (row N7).

Pure: no framework, store, transport or clock.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import uuid
from dataclasses import dataclass
from typing import Any

from services.chassis import texts

NAMESPACE = uuid.UUID("0b8f2c7e-3d64-5a19-8e57-94c1d2a6f3b5")
QUEUED, SENT, FAILED, DEAD, SUPPRESSED = DELIVERY_STATUSES = ("queued", "sent", "failed", "dead", "suppressed")
EMAIL = "email"
CHANNELS = (EMAIL,)
PERSON_ERASED = "person_erased"
BACK_OFF = tuple(dt.timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600))
MAX_ATTEMPTS = 8
MAX_SUBJECT = 200
MAX_ERROR = 500
UNKNOWN_TYPE = ("application", "octet-stream")
# An attachment of these types may not be base64-encoded (RFC 2046): mail readers would look for parts inside it.
BROKEN_BY_ENCODING = ("message", "multipart")
PATH_SIGNS = re.compile(r"[/\\]")
MEDIA_TYPE = re.compile(r"([a-z0-9][a-z0-9.+-]*)/([a-z0-9][a-z0-9.+-]*)", re.ASCII)


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


def email(delivery: str, about: dict[str, Any], recipient: str, subject: str, body: str, now: dt.datetime) -> Delivery:
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
