"""Messages that customers and mail servers send, over any channel. Each is stored once, and becomes an entry (row N10).

Pure: no framework, store or clock.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.chassis import texts
from services.chassis.errors import Conflict
from services.notifications.deliveries.model import File, file_name

NAMESPACE = uuid.UUID("4f6c0a6e-8a0b-5b7e-9f43-2f6d1c7a90be")
CHANNELS = EMAIL, WHATSAPP = "email", "whatsapp"
# Written by a person; by a program for a person (out of office); by a mail server about one of our mails.
MESSAGE_KINDS = MESSAGE, AUTOMATIC_ANSWER, BOUNCE = "message", "automatic_answer", "bounce"
# received: published, and attendance has not answered yet; filed: an entry of an attendance; unassigned: waits for a
# user; discarded: by a user; noted: stored, with nothing to do.
STATES = RECEIVED, FILED, UNASSIGNED, DISCARDED, NOTED = "received", "filed", "unassigned", "discarded", "noted"
MOST_TEXT = 20_000
MOST_NAME, MOST_TYPE = 200, 100
MOST_FILES = 50
# The most bytes of a message's files together, which its event contains (ADR 0023).
FILES_BYTES = 5 * 1024 * 1024
CUT = "\n[…]"


@dataclass(frozen=True)
class Received:
    """A message as its channel has read it. `external_id`: its Message-ID or wamid, by which a repeat is recognised.

    `sender`: address or number. `person_id`: whose it is, where that is known; `attendance_id`, `delivery_id`: what it
    answers. `verified`: the channel vouches for the sender. `quoted`: the part of the text that is older messages.
    `left_out`: names of files that were too large to be read. `dated`: `received_at` is what the message itself says.
    """

    channel: str
    external_id: str
    sender: str
    received_at: dt.datetime
    text: str
    kind: str = MESSAGE
    sender_name: str = ""
    person_id: str | None = None
    attendance_id: str | None = None
    delivery_id: str | None = None
    subject: str = ""
    quoted: str = ""
    verified: bool = False
    files: Sequence[File] = ()
    left_out: Sequence[str] = ()
    dated: bool = False


@dataclass
class InboundMessage:
    """The stored message. `file_names`: of its files; `left_out`: of the files that were too large.

    `handled_...`: the user who assigned or discarded it. `next_at`: when others are reminded that it waits.
    """

    id: str
    channel: str
    external_id: str
    kind: str
    sender: str
    sender_name: str
    subject: str
    text: str
    quoted: str
    received_at: dt.datetime
    stored_at: dt.datetime
    state: str
    verified: bool = False
    person_id: str | None = None
    attendance_id: str | None = None
    delivery_id: str | None = None
    file_names: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    handled_by: str | None = None
    handled_by_name: str | None = None
    handled_at: dt.datetime | None = None
    next_at: dt.datetime | None = None
    version: int = 1

    @classmethod
    def of(cls, company: str, found: Received, now: dt.datetime) -> InboundMessage:
        """The record to store, without its files (see files_of)."""
        fitting, left_out = files_of(found)
        return cls(
            id=message_id(company, found.channel, found.external_id),
            channel=found.channel,
            external_id=found.external_id,
            kind=found.kind,
            sender=texts.one_line(found.sender)[:MOST_NAME],
            sender_name=texts.one_line(found.sender_name)[:MOST_NAME],
            subject=texts.one_line(found.subject)[:MOST_NAME],
            text=cut(found.text),
            quoted=cut(found.quoted),
            received_at=min(found.received_at, now),
            stored_at=now,
            state=_state_of(found),
            verified=found.verified,
            person_id=found.person_id,
            attendance_id=found.attendance_id,
            delivery_id=found.delivery_id,
            file_names=[file.name for file in fitting],
            left_out=left_out,
        )

    def is_another(self, found: Received) -> bool:
        """Whether `found` is another message with the same id: some programs write one Message-ID into all their mails.

        Messages with different Date headers differ; copies through mailing lists keep the header. A message without a
        usable Date counts as the same.
        """
        return found.dated and self.received_at < self.stored_at and found.received_at != self.received_at

    def assign(self, person_id: str, attendance_id: str | None, by: tuple[str, str], at: dt.datetime) -> None:
        """A user says whose message it is; it is to be published again. `by`: the user's id and name.

        Raises Conflict("inbound_message_settled").
        """
        self._settle(RECEIVED, by, at)
        self.person_id, self.attendance_id = person_id, attendance_id
        # the user vouches for the sender
        self.verified = True

    def discard(self, by: tuple[str, str], at: dt.datetime) -> None:
        """Raises Conflict("inbound_message_settled")."""
        self._settle(DISCARDED, by, at)

    def _settle(self, state: str, by: tuple[str, str], at: dt.datetime) -> None:
        if self.state not in (UNASSIGNED, NOTED):
            raise Conflict("inbound_message_settled", "Esta mensagem já foi atribuída ou descartada.")
        self.state, self.handled_at, self.next_at = state, at, None
        self.handled_by, self.handled_by_name = by

    def file(self, attendance_id: str | None) -> None:
        """Records what attendance did: an entry of this attendance, or nothing (None), and then a message of a person
        waits for a user.
        """
        if attendance_id is not None:
            self.state, self.attendance_id = FILED, attendance_id
        elif self.kind == MESSAGE:
            self.state = UNASSIGNED
        else:
            self.state = NOTED


def message_id(company: str, channel: str, external_id: str) -> str:
    return uuid.uuid5(NAMESPACE, f"{company}|{channel}|{external_id}").hex


def files_of(found: Received) -> tuple[list[File], list[str]]:
    """The files that travel with the message, in their order, and the names of all others."""
    fitting: list[File] = []
    left_out = [file_name(name)[:MOST_NAME] for name in found.left_out]
    room = FILES_BYTES
    for number, file in enumerate(found.files):
        name = file_name(file.name)[:MOST_NAME]
        if number < MOST_FILES and len(file.content) <= room:
            room -= len(file.content)
            fitting.append(File(name, texts.one_line(file.media_type)[:MOST_TYPE], file.content))
        else:
            left_out.append(name)
    return fitting, left_out[:MOST_FILES]


def cut(text: str) -> str:
    """At most MOST_TEXT characters that can be stored."""
    clean = texts.lines(text)
    return clean if len(clean) <= MOST_TEXT else clean[: MOST_TEXT - len(CUT)] + CUT


def event_data(message: InboundMessage, files: Sequence[File]) -> dict[str, Any]:
    """The data of message_received."""
    names = (
        "channel", "kind", "sender", "sender_name", "subject", "text", "quoted", "received_at", "verified",
        "person_id", "attendance_id", "left_out",
    )  # fmt: skip
    told = [{"name": file.name, "media_type": file.media_type, "content": file.content} for file in files]
    return {"message_id": message.id, **{name: getattr(message, name) for name in names}, "files": told}


def _state_of(found: Received) -> str:
    """Bounces, and automatic answers outside a known conversation, have nothing to do; of others only a known person's
    message is published."""
    if found.kind == BOUNCE or (found.kind == AUTOMATIC_ANSWER and not (found.person_id and found.attendance_id)):
        return NOTED
    return RECEIVED if found.person_id else UNASSIGNED
