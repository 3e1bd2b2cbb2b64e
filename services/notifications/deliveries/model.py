"""Deliveries: one message to one recipient, its states and what it encloses (row N7).

Pure: no framework, store, transport or clock.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import uuid
from dataclasses import dataclass, field
from typing import Any

from services.chassis import texts
from services.chassis.errors import Conflict

NAMESPACE = uuid.UUID("0b8f2c7e-3d64-5a19-8e57-94c1d2a6f3b5")
# A delivery is claimed by the lease of its row (chassis/jobs/leased.py), which no state of its own repeats.
DELIVERY_STATUSES = ("queued", "sent", "delivered", "read", "failed", "dead", "suppressed")
QUEUED, SENT, DELIVERED, READ, FAILED, DEAD, SUPPRESSED = DELIVERY_STATUSES
CHANNELS = EMAIL, WHATSAPP = "email", "whatsapp"
# A reader of the log needs to see these sections of a person.
LOG_SECTIONS = ("watchers", "attendances", "opportunities")
PERSON_ERASED = "person_erased"
# Why a mail of a mailing is not sent: now, or at all.
MAILING_PAUSED, MAILING_CANCELLED, OPTED_OUT = "mailing_paused", "mailing_cancelled", "opted_out"
# WhatsApp may report a message's state before this service has recorded that it was sent.
UNSENT = (QUEUED, FAILED, DEAD)
CALLED_BACK = "callback"
# Waits after a failed attempt without an answer: the server may be back in a moment, or in some hours.
UNREACHED = tuple(dt.timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600, 3600, 7200, 14400, 28800))
# Waits after an answer of 4xx: greylisting accepts a mail after some minutes only.
DEFERRED = tuple(dt.timedelta(seconds=seconds) for seconds in (60, 300, 900, 3600, 3600, 7200, 14400, 28800))
LONGEST_WAIT = dt.timedelta(days=1)
# With the waits above, about two days.
MAX_ATTEMPTS = 14
# The log of a delivery keeps its last attempts.
MOST_LOGGED = 20
MAX_SUBJECT = 200
MAX_ERROR = 500
MAX_REASON = 200
ADDRESS = re.compile(r"\S+@\S+")
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


@dataclass(frozen=True)
class Failure:
    """Why an attempt did not succeed. `code` is the server's answer or a word of ours; `reason` what it said of it.

    `permanent`: no further attempt is of use. `deferred`: the server asks to come later, after `wait` if it says so.
    """

    code: str
    reason: str = ""
    permanent: bool = False
    deferred: bool = False
    wait: dt.timedelta | None = None


@dataclass(frozen=True)
class LoggedAttempt:
    """One attempt, as the log shows it: neither content nor an address."""

    at: dt.datetime
    outcome: str
    code: str
    reason: str = ""
    account_id: str | None = None


@dataclass
class Delivery:
    """One message to one recipient. Its id and Message-ID are derived from the event, so a repeat has the same ids; a
    message of WhatsApp has its id from there (wamid), and none before it was taken.

    `retry_at`: the next attempt as the last failure set it; as long as `next_at` is the same, nobody has claimed it.
    """

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
    # the attendance that it is about, and a digest's others; the user who receives it, or None for the customer
    attendance_id: str | None = None
    more_attendances: list[str] = field(default_factory=list)
    user_id: str | None = None
    # the server will never take it, or there is nothing to send: another try is of no use
    refused: bool = False
    retry_at: dt.datetime | None = None
    # a retry by hand gives it MAX_ATTEMPTS more
    max_attempts: int = MAX_ATTEMPTS
    log: list[LoggedAttempt] = field(default_factory=list)
    delivered_at: dt.datetime | None = None
    read_at: dt.datetime | None = None
    # the account that sent it last
    account_id: str | None = None
    # the user whose account it goes through, where they have one
    sender_id: str | None = None
    # the mailing that it is a part of, the link that opts out of it, and what stands below the text
    mailing_id: str | None = None
    opt_out_url: str | None = None
    footer: str = ""
    # of WhatsApp: the template that it is, with its values (whatsapp/model.py)
    template: dict[str, Any] | None = None
    # of WhatsApp: the file that it is, whose caption is the text (whatsapp/uploads.py)
    file: dict[str, Any] | None = None
    # on the way only: it comes with this digest (watching/model.py), and not by itself
    digest: str | None = None
    # on the way only: where an answer goes, if not to the sender
    reply_to: str | None = None

    def sent(self, at: dt.datetime, code: str = "") -> None:
        self._note(LoggedAttempt(at, SENT, code, account_id=self.account_id))
        self.status = SENT
        self.sent_at = at
        self.next_at = self.retry_at = None
        self.last_error = None

    def mark_accepted(self, at: dt.datetime) -> None:
        """The channel has accepted the message. This and the next two states only move forward."""
        if self.status in UNSENT:
            self._go(SENT, at)

    def mark_delivered(self, at: dt.datetime) -> None:
        """The recipient's device has the message; a read one stays read."""
        if self.status in (*UNSENT, SENT):
            self._go(DELIVERED, at)
            self.delivered_at = at

    def mark_read(self, at: dt.datetime) -> None:
        """The recipient has read the message."""
        if self.status in (*UNSENT, SENT, DELIVERED):
            self._go(READ, at)
            self.read_at = at

    def mark_undelivered(self, failure: Failure, now: dt.datetime) -> None:
        """The channel accepted the message and then failed to deliver it; a delivered or read one stays as it is."""
        if self.status in (QUEUED, SENT):
            self.failed(failure, now)

    def _go(self, status: str, at: dt.datetime) -> None:
        """Counts an attempt, too, where the outcome of the sending was not recorded before the channel reported."""
        if self.status in UNSENT:
            self._note(LoggedAttempt(at, SENT, CALLED_BACK, account_id=self.account_id))
        self.status, self.sent_at = status, self.sent_at or at
        self.next_at = self.retry_at = self.last_error = None

    def bounce(self, code: str, reason: str, at: dt.datetime) -> bool:
        """A later mail server has given up delivering the mail; returns False where nothing changes."""
        if self.status not in (SENT, DELIVERED):
            return False
        self.status, self.refused, self.last_error = DEAD, True, code
        self.log = [*self.log, LoggedAttempt(at, FAILED, code, _harmless(reason), self.account_id)][-MOST_LOGGED:]
        return True

    def suppress(self, reason: str) -> None:
        """Ends the delivery unsent, for a reason that arose after it was queued."""
        self.status, self.next_at, self.retry_at, self.last_error = SUPPRESSED, None, None, reason

    def failed(self, failure: Failure, now: dt.datetime) -> None:
        """Counts a failed attempt at `now` (UTC) and sets the next one; dead if `permanent` or after the last one.

        A server's own wait is kept, up to LONGEST_WAIT.
        """
        self.refused = failure.permanent
        self.last_error = failure.code[:MAX_ERROR]
        self._note(LoggedAttempt(now, FAILED, failure.code[:MAX_ERROR], _harmless(failure.reason), self.account_id))
        if failure.permanent or self.attempts >= self.max_attempts:
            self.status, self.next_at, self.retry_at = DEAD, None, None
            return
        self.status = FAILED
        waits = DEFERRED if failure.deferred else UNREACHED
        turn = max(self.attempts - (self.max_attempts - MAX_ATTEMPTS), 1)
        wait = waits[min(turn, len(waits)) - 1]
        self.next_at = self.retry_at = now + min(max(wait, failure.wait or wait), LONGEST_WAIT)

    def wait(self, until: dt.datetime, reason: str) -> None:
        """Postpones the delivery without an attempt: its account's limit is reached."""
        self.next_at = self.retry_at = until
        self.last_error = reason

    def retry(self, now: dt.datetime) -> None:
        """By hand, MAX_ATTEMPTS more. Raises Conflict: delivery_sent, delivery_in_progress, delivery_text_gone."""
        if self.status in (SENT, DELIVERED, READ):
            raise Conflict("delivery_sent", "Este envio já foi entregue ao servidor.")
        if self.next_at != self.retry_at or self.status == QUEUED:
            raise Conflict("delivery_in_progress", "Este envio está na fila ou sendo feito agora.")
        if not self.body:
            raise Conflict("delivery_text_gone", "O texto deste envio já foi eliminado.")
        self.status, self.refused, self.last_error = QUEUED, False, None
        self.max_attempts = self.attempts + MAX_ATTEMPTS
        self.next_at, self.retry_at = now, None

    def _note(self, attempt: LoggedAttempt) -> None:
        self.attempts += 1
        self.log = [*self.log, attempt][-MOST_LOGGED:]

    @property
    def finished(self) -> bool:
        """Whether nothing can send it any more. A dead one may still be tried again by hand."""
        return self.status in (SENT, DELIVERED, READ, SUPPRESSED)

    @property
    def about(self) -> str | None:
        """The person that it is about; None for a notice to a user about the company's own affairs."""
        return self.person_id or None

    @property
    def automatic(self) -> bool:
        """Whether a program wrote it: it then asks for no out-of-office answers (RFC 3834)."""
        return self.user_id is not None

    @property
    def given_up(self) -> bool:
        """Whether its attempts are used up, and a retry by hand might still send it."""
        return self.status == DEAD and not self.refused


def _harmless(reason: str) -> str:
    """A server's words on one line, without addresses."""
    return ADDRESS.sub("…", one_line(reason, MAX_REASON))


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
