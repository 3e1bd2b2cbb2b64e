"""Attaching files to entries (row A8): begin, parts, finish; discarding and deleting."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import Any

from services.attendance.attachments import contract
from services.attendance.attachments.keeping import remove, visible_attachment
from services.attendance.attachments.model.attachments import Attachment, Rule, Upload, copied
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
    """Raises what Upload.receive does: the first part shows whether the content is what the name says."""
    upload = tx.uploads.get(data["upload_id"], tx.actor.id)
    part = _decoded(data["data"])
    upload.receive(data["number"], part)
    tx.parts.add(upload, data["number"], part)
    tx.uploads.save(upload)
    return upload


@command(takes=contract.UploadById, gives=contract.Attachment, needs="attendance.write", section="attendances")
def finish_upload(tx: AttendanceSession, data: Data) -> Attachment:
    """From here on it can be seen.

    Raises Invalid("attachment_empty"), Conflict("upload_discarded"), NotFound("attendance_not_found").
    """
    upload = tx.uploads.get(data["upload_id"], tx.actor.id)
    attendance_of(tx, upload.attendance_id)
    digest = hashlib.sha256()
    for number in range(upload.parts):
        digest.update(tx.parts.get(upload.id, number))
    attachment = upload.finish(digest.hexdigest(), tx.now)
    tx.attachments.add(attachment)
    tx.uploads.done(upload)
    return attachment


@command(takes=contract.UploadById, gives=contract.UploadDiscarded, needs="attendance.write", section="attendances")
def discard_upload(tx: AttendanceSession, data: Data) -> Upload:
    """What was refused half-way; its parts are removed soon (attachments/jobs.py)."""
    upload = tx.uploads.get(data["upload_id"], tx.actor.id)
    upload.discard(tx.now)
    tx.uploads.save(upload)
    return upload


@command(takes=contract.OneAttachment, gives=contract.Attachment, needs="attendance.write", section="attendances")
def delete_attachment(tx: AttendanceSession, data: Data) -> Attachment:
    """Raises Conflict("attachment_recorded")."""
    attachment = visible_attachment(tx, data)
    attachment.require_staged()
    remove(tx, attachment)
    return attachment


def for_customer(tx: AttendanceSession, attachments: Sequence[Attachment]) -> Data:
    """Row A10: the files of the customer's copy, with their bytes, and the names of those that it has no room for."""
    goes, left_out = copied(attachments)
    files = [{"name": one.name, "media_type": one.media_type, "content": _content(tx, one)} for one in goes]
    return {"files": files, "left_out": [one.name for one in left_out]}


def rule_of(session: AttendanceSession, attendance: Attendance) -> Rule:
    """What the attendance's type lets be attached; an attendance without a type takes the default."""
    kind = type_of(session, attendance)
    return Rule(kind.attachments_allowed, kind.attachment_limit) if kind else Rule()


def _content(session: AttendanceSession, attachment: Attachment) -> bytes:
    return b"".join(session.parts.get(attachment.id, number) for number in range(attachment.parts))


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise Invalid("upload_part_unreadable", "Uma parte do arquivo não pôde ser lida.") from error
