"""Uploading files for entries in parts, discarding uploads and deleting attachments (row A8)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import Any

from services.attendance.attachments import contract
from services.attendance.attachments.lifecycle import remove, visible_attachment
from services.attendance.attachments.model.attachments import Attachment, Rule, Upload, refuse_too_many, split_by_room
from services.attendance.attendances.model.attendance import Attendance
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import attendance_of, type_of
from services.chassis.errors import Invalid
from services.chassis.handling.entrypoints import command

Data = dict[str, Any]


@command(takes=contract.BeginUpload, gives=contract.UploadBegun, needs="attendance.write", section="attendances")
def begin_upload(tx: AttendanceSession, data: Data) -> Upload:
    """Raises Conflict("attendance_closed", "person_erased", "attachments_not_allowed", "attachments_too_many")."""
    attendance = attendance_of(tx, data["attendance_id"])
    attendance.require_open()
    tx.persons.get(attendance.person_id)
    rule = rule_of(tx, attendance)
    rule.check(tx.attachments.staged(attendance.id, tx.actor.id))
    upload = Upload.begin(tx.new_id(), attendance.id, data["name"], rule, (tx.actor.id, tx.actor.name), tx.now)
    tx.uploads.add(upload)
    return upload


@command(takes=contract.SendPart, gives=contract.PartReceived, needs="attendance.write", section="attendances")
def send_part(tx: AttendanceSession, data: Data) -> Upload:
    """Stores the next part of an upload.

    Raises Conflict("upload_discarded", "upload_part_unexpected"), Invalid("upload_part_unreadable",
    "attachment_too_large", "attachment_kind_refused", "attachment_content_mismatch").
    """
    upload = tx.uploads.get(data["upload_id"], tx.actor.id)
    part = _decode(data["data"])
    upload.receive(data["number"], part)
    tx.parts.add(upload, data["number"], part)
    tx.uploads.save(upload)
    return upload


@command(takes=contract.UploadById, gives=contract.Attachment, needs="attendance.write", section="attendances")
def finish_upload(tx: AttendanceSession, data: Data) -> Attachment:
    """Makes a staged attachment of the upload: its uploader sees it, others once an entry is recorded with it.

    Raises Invalid("attachment_empty"), Conflict("upload_discarded", "attachments_too_many"),
    NotFound("attendance_not_found").
    """
    upload = tx.uploads.get(data["upload_id"], tx.actor.id)
    attendance_of(tx, upload.attendance_id)
    # again: many uploads may have been begun before the first was finished
    refuse_too_many(tx.attachments.staged(upload.attendance_id, tx.actor.id))
    digest = hashlib.sha256()
    for number in range(upload.parts):
        digest.update(tx.parts.get(upload.id, number))
    attachment = upload.finish(digest.hexdigest(), tx.now)
    tx.attachments.add(attachment)
    tx.uploads.done(upload)
    return attachment


@command(takes=contract.UploadById, gives=contract.UploadDiscarded, needs="attendance.write", section="attendances")
def discard_upload(tx: AttendanceSession, data: Data) -> Upload:
    """Ends an upload that is not finished; a job removes its parts (attachments/jobs.py).

    Raises Conflict("upload_discarded") for one that is not the user's, or is finished or removed.
    """
    upload = tx.uploads.get(data["upload_id"], tx.actor.id)
    upload.discard(tx.now)
    tx.uploads.save(upload)
    return upload


@command(takes=contract.OneAttachment, gives=contract.Attachment, needs="attendance.write", section="attendances")
def delete_attachment(tx: AttendanceSession, data: Data) -> Attachment:
    """Deletes a staged attachment. Raises NotFound("attachment_not_found"), Conflict("attachment_recorded")."""
    attachment = visible_attachment(tx, data)
    attachment.require_staged()
    remove(tx, attachment)
    return attachment


def for_customer(tx: AttendanceSession, attachments: Sequence[Attachment]) -> Data:
    """Row A10: the files for the customer's copy with their bytes, and the names of those that are too large for it."""
    fitting, left_out = split_by_room(attachments)
    files = [{"name": file.name, "media_type": file.media_type, "content": _content(tx, file)} for file in fitting]
    return {"files": files, "left_out": [file.name for file in left_out]}


def rule_of(session: AttendanceSession, attendance: Attendance) -> Rule:
    """The rule of the attendance's type for attachments; the default rule without a type."""
    kind = type_of(session, attendance)
    return Rule(kind.attachments_allowed, kind.attachment_limit) if kind else Rule()


def _content(session: AttendanceSession, attachment: Attachment) -> bytes:
    return b"".join(session.parts.get(attachment.id, number) for number in range(attachment.parts))


def _decode(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise Invalid("upload_part_unreadable", "Uma parte do arquivo não pôde ser lida.") from error
