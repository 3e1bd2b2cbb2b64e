"""Attachments of entries (rows A7, A8). Files are sent and fetched in parts of base64: messages are JSON."""

from __future__ import annotations

from marshmallow import fields

from services.attendance.attachments.model.attachments import PART_BYTES as PART_BYTES
from services.chassis.files.formats import KINDS as FILE_KINDS
from services.chassis.inputs import Choice, Cursor, Flag, Id, Line, Verbatim, Whole
from services.chassis.references import USERS, Reference
from services.chassis.schemas import Result, Strict, page_of

# A part of PART_BYTES in base64.
PART_TEXT = (PART_BYTES + 2) // 3 * 4


class BeginUpload(Strict):
    """`name` as the user's machine gave it; the service makes it harmless."""

    attendance_id = Id(required=True)
    name = Line(1000, load_default="")


class BeginOpeningUpload(Strict):
    """Row A7: for the first entry of an attendance that is opened with the same `dedup_key`, of the type `type_id`."""

    person_id = Id(required=True)
    dedup_key = Line(200, minimum=1, required=True)
    type_id = Id(minimum=0, load_default=None, allow_none=True)
    name = Line(1000, load_default="")


class SendPart(Strict):
    """`data`: base64 of at most 256 KiB; `number` from 0, in order."""

    upload_id = Id(required=True)
    number = Whole(0, 9999, required=True)
    data = Verbatim(PART_TEXT, required=True)


class UploadById(Strict):
    upload_id = Id(required=True)


class UploadBegun(Result):
    """`limit`: the largest file that the attendance's type accepts, in bytes."""

    id = fields.String()
    limit = fields.Integer()


class PartReceived(Result):
    id = fields.String()
    size = fields.Integer()


class UploadDiscarded(Result):
    id = fields.String()


class Attachment(Result):
    """`digest`: SHA-256 in hex; `entry_id` null and `staged` true until it is recorded with an entry."""

    id = fields.String()
    attendance_id = fields.String()
    entry_id = fields.String(allow_none=True)
    staged = fields.Function(lambda attachment: attachment.staged_by is not None, metadata={"type": "boolean"})
    name = fields.String()
    kind = Choice(FILE_KINDS)
    media_type = fields.String()
    size = fields.Integer()
    parts = fields.Integer()
    digest = fields.String()
    uploaded_by = Reference(USERS, "uploaded_by", "uploaded_by_name")
    uploaded_at = fields.DateTime()


class AttachmentSummary(Result):
    """An attachment as it is listed in its entry; `size` in bytes."""

    id = fields.String()
    name = fields.String()
    media_type = fields.String()
    size = fields.Integer()


class OneAttachment(Strict):
    attendance_id = Id(required=True)
    attachment_id = Id(required=True)


class GetPart(OneAttachment):
    number = Whole(0, 9999, required=True)


class Part(Result):
    """`data`: the bytes of one part in base64."""

    data = fields.String()


class ListAttachments(Strict):
    """The attachments recorded with entries; with `staged` the user's own that no entry was recorded with yet."""

    attendance_id = Id(required=True)
    staged = Flag(load_default=False)
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


AttachmentPage = page_of(Attachment, "AttachmentPage")
