"""Attachments of entries (row A8): sent and fetched in parts, for a message carries JSON only."""

from __future__ import annotations

from marshmallow import fields, validate

from services.attendance.domain import PART_BYTES as PART_BYTES
from services.chassis.schemas import Result, Strict, page_of, text

# A part of PART_BYTES in base64.
PART_TEXT = (PART_BYTES + 2) // 3 * 4


class BeginUpload(Strict):
    """`name` as the user's machine gave it: it is made harmless here."""

    attendance_id = text(64)
    name = text(1000, required=False, load_default="")


class SendPart(Strict):
    """`data`: base64 of at most 256 KiB; `number` from 0, in order."""

    upload_id = text(64)
    number = fields.Integer(required=True, validate=validate.Range(min=0, max=9999))
    data = text(PART_TEXT)


class UploadById(Strict):
    upload_id = text(64)


class UploadBegun(Result):
    """`limit`: bytes that the attendance's type accepts."""

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
    staged = fields.Function(lambda one: one.staged_by is not None, metadata={"type": "boolean"})
    name = fields.String()
    kind = fields.String()
    media_type = fields.String()
    size = fields.Integer()
    parts = fields.Integer()
    digest = fields.String()
    uploaded_by = fields.String()
    uploaded_by_name = fields.String()
    uploaded_at = fields.DateTime()


class AttachmentSummary(Result):
    """What an entry tells of its attachments; `size` in bytes."""

    id = fields.String()
    name = fields.String()
    media_type = fields.String()
    size = fields.Integer()


class OneAttachment(Strict):
    attendance_id = text(64)
    attachment_id = text(64)


class GetPart(OneAttachment):
    number = fields.Integer(required=True, validate=validate.Range(min=0, max=9999))


class Part(Result):
    """base64"""

    data = fields.String()


class ListAttachments(Strict):
    """Those recorded with entries; or the asking user's own, which wait for one (`staged`)."""

    attendance_id = text(64)
    staged = fields.Boolean(load_default=False)
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=400))


AttachmentPage = page_of(Attachment, "AttachmentPage")
