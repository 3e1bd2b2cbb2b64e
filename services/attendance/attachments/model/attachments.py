"""Attachments of entries (row A8): an upload in parts becomes an attachment, whose content never changes.

No part is visible before the upload is finished. Pure: no framework, store or clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.attendance.types.model.types import MAX_ATTACHMENT
from services.chassis.errors import Conflict, Invalid, NotFound
from services.chassis.files.formats import DOCUMENT, IMAGE, recognise
from services.chassis.files.names import clean_name

PART_BYTES = 256 * 1024
STAGED_LIMIT = 50
UPLOAD_SECONDS = 3600
# An attachment that no entry was recorded with is removed after this time.
STAGED_HOURS = 24
# How long an opening is kept: until its last upload, and the attachment made of it, have expired.
OPENING_SECONDS = UPLOAD_SECONDS + STAGED_HOURS * 3600
# The sum of the files in the customer's copy of an entry. Base64 adds a third; the result still fits mail servers,
# a message of the bus and a document of the database.
COPIED_BYTES = 5 * 1024 * 1024
RECEIVING, DISCARDED = "receiving", "discarded"


def refuse_too_many(staged: int) -> None:
    """Raises Conflict("attachments_too_many") where the user has `staged` attachments in the attendance already."""
    if staged >= STAGED_LIMIT:
        raise Conflict(
            "attachments_too_many", f"Há {STAGED_LIMIT} anexos seus à espera de um parecer neste atendimento."
        )


@dataclass(frozen=True)
class Rule:
    """The rule for attachments of an attendance, set by its type; the defaults apply without one. `limit` in bytes."""

    allowed: bool = True
    limit: int = MAX_ATTACHMENT
    kinds: tuple[str, ...] = (DOCUMENT, IMAGE)

    def check(self, staged: int) -> None:
        """Checks that the user, who has `staged` attachments already, may upload another.

        Raises Conflict("attachments_not_allowed", "attachments_too_many").
        """
        self._refuse_any()
        refuse_too_many(staged)

    def check_recorded(self, sizes: Sequence[int]) -> None:
        """Row A7: checks files that were sent before the attendance had its type; `sizes` in bytes.

        Raises Conflict("attachments_not_allowed"), Invalid("attachment_too_large").
        """
        if sizes:
            self._refuse_any()
        if max(sizes, default=0) > self.bytes:
            raise too_large(self.bytes)

    def _refuse_any(self) -> None:
        if not self.allowed:
            raise Conflict("attachments_not_allowed", "O tipo deste atendimento não permite anexos.")

    @property
    def bytes(self) -> int:
        return min(self.limit, MAX_ATTACHMENT)


@dataclass(frozen=True)
class Opening:
    """Row A7: an attendance that is about to be opened, for whose first entry files are sent; `id` will be its id.

    `ends_at` (UTC): when all these files have expired, unless it is opened before.
    """

    id: str
    person_id: str
    ends_at: dt.datetime

    @classmethod
    def begin(cls, id: str, person_id: str, at: dt.datetime) -> Opening:
        return cls(id, person_id, at + dt.timedelta(seconds=OPENING_SECONDS))


@dataclass
class Attachment:
    """A complete file. Until an entry is recorded with it, only `staged_by` sees it; None from then on.

    `next_at` (UTC): when it is removed unless an entry is recorded with it. `size` in bytes.
    """

    id: str
    attendance_id: str
    entry_id: str | None
    staged_by: str | None
    name: str
    kind: str
    media_type: str
    size: int
    parts: int
    digest: str
    uploaded_by: str
    uploaded_by_name: str
    uploaded_at: dt.datetime
    next_at: dt.datetime | None = None
    version: int = 1

    def seen_by(self, user: str) -> Attachment:
        """The attachment; raises NotFound("attachment_not_found") if another user has staged it."""
        if self.staged_by not in (None, user):
            raise attachment_not_found()
        return self

    def of(self, attendance_id: str) -> Attachment:
        """The attachment; raises NotFound("attachment_not_found") if it belongs to another attendance."""
        if self.attendance_id != attendance_id:
            raise attachment_not_found()
        return self

    def record(self, entry_id: str) -> None:
        """Row A8: ties it to an entry; raises Conflict("attachment_recorded")."""
        self.require_staged()
        self.entry_id, self.staged_by, self.next_at = entry_id, None, None

    def require_staged(self) -> None:
        """Raises Conflict("attachment_recorded"): an entry keeps what was recorded with it."""
        if self.staged_by is None:
            raise Conflict("attachment_recorded", "O anexo já foi gravado com um parecer e não pode ser mudado.")

    def summary(self) -> dict[str, Any]:
        """The fields of the attachment that an entry stores and publishes."""
        return {"id": self.id, "name": self.name, "media_type": self.media_type, "size": self.size}


@dataclass
class Upload:
    """A file that is being sent in parts. `next_at` (UTC): when it expires unless it is finished."""

    id: str
    attendance_id: str
    name: str
    limit: int
    kinds: tuple[str, ...]
    uploaded_by: str
    uploaded_by_name: str
    next_at: dt.datetime
    kind: str = ""
    media_type: str = ""
    size: int = 0
    parts: int = 0
    state: str = RECEIVING
    version: int = 1

    @classmethod
    def begin(cls, id: str, attendance_id: str, name: str, rule: Rule, by: tuple[str, str], at: dt.datetime) -> Upload:
        """A new upload; `by`: id and name of the user."""
        expires = at + dt.timedelta(seconds=UPLOAD_SECONDS)
        return cls(id, attendance_id, clean_name(name), rule.bytes, rule.kinds, *by, next_at=expires)

    def receive(self, number: int, data: bytes) -> None:
        """Counts the next part in; the first part decides the file's format.

        Raises Conflict("upload_discarded", "upload_part_unexpected"), Invalid("attachment_too_large") and what
        `recognise` raises.
        """
        self._require_receiving()
        if number != self.parts or not 0 < len(data) <= PART_BYTES:
            raise Conflict("upload_part_unexpected", "O arquivo chegou fora de ordem; envie-o de novo.")
        if self.size + len(data) > self.limit:
            raise too_large(self.limit)
        if number == 0:
            self.name, file_format = recognise(self.name, data, self.kinds)
            self.kind, self.media_type = file_format.kind, file_format.media_type
        self.size += len(data)
        self.parts += 1

    def finish(self, digest: str, at: dt.datetime) -> Attachment:
        """The attachment, staged by its uploader; `digest`: SHA-256 in hex.

        Raises Invalid("attachment_empty"), Conflict("upload_discarded").
        """
        self._require_receiving()
        if self.parts == 0:
            raise Invalid("attachment_empty", "O arquivo está vazio.")
        return Attachment(
            id=self.id,
            attendance_id=self.attendance_id,
            entry_id=None,
            staged_by=self.uploaded_by,
            name=self.name,
            kind=self.kind,
            media_type=self.media_type,
            size=self.size,
            parts=self.parts,
            digest=digest,
            uploaded_by=self.uploaded_by,
            uploaded_by_name=self.uploaded_by_name,
            uploaded_at=at,
            next_at=at + dt.timedelta(hours=STAGED_HOURS),
        )

    def discard(self, at: dt.datetime) -> None:
        self.state, self.next_at = DISCARDED, at

    def _require_receiving(self) -> None:
        if self.state != RECEIVING:
            raise upload_discarded()


def split_by_room(attachments: Sequence[Attachment]) -> tuple[list[Attachment], list[Attachment]]:
    """Row A10: the files that fit in the customer's copy (COPIED_BYTES), in their order, and those left out."""
    fitting: list[Attachment] = []
    left_out: list[Attachment] = []
    room = COPIED_BYTES
    for attachment in attachments:
        fits = attachment.size <= room
        room -= attachment.size if fits else 0
        (fitting if fits else left_out).append(attachment)
    return fitting, left_out


def too_large(limit: int) -> Invalid:
    mebibytes = f"{limit / (1 << 20):.1f}".removesuffix(".0").replace(".", ",")
    return Invalid(
        "attachment_too_large", f"O arquivo passa de {mebibytes} MiB, o limite deste atendimento.", limit=limit
    )


def attachment_not_found() -> NotFound:
    return NotFound("attachment_not_found", "Anexo não encontrado.")


def upload_discarded() -> Conflict:
    return Conflict("upload_discarded", "O envio foi descartado; envie o arquivo de novo, com outra chave.")
