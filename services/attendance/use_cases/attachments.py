"""Attaching files to entries (row A8): begin, parts, finish; then read, list, delete.

Who may see the attendance may read what its entries hold; what waits for an entry, only who sent it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from services.attendance import contract
from services.attendance.domain import Attachment, Attendance, Rule, Upload
from services.attendance.domain.attachments import copied
from services.attendance.store import AttendanceSession
from services.attendance.use_cases.looking import attendance_of, type_of
from services.chassis.entrypoints import command, query
from services.chassis.errors import Invalid

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
    """What was refused half-way; its parts are removed soon (cleaner.py)."""
    upload = tx.uploads.get(data["upload_id"], tx.actor.id)
    upload.discard(tx.now)
    tx.uploads.save(upload)
    return upload


@command(takes=contract.OneAttachment, gives=contract.Attachment, needs="attendance.write", section="attendances")
def delete_attachment(tx: AttendanceSession, data: Data) -> Attachment:
    """Raises Conflict("attachment_recorded")."""
    attachment = _seen(tx, data)
    attachment.require_staged()
    remove(tx, attachment)
    return attachment


@query(takes=contract.OneAttachment, gives=contract.Attachment, needs="attendance.read", section="attendances")
def get_attachment(session: AttendanceSession, data: Data) -> Attachment:
    return _seen(session, data)


@query(takes=contract.GetPart, gives=contract.Part, needs="attendance.read", section="attendances")
def get_attachment_part(session: AttendanceSession, data: Data) -> dict[str, str]:
    attachment = _seen(session, data)
    return {"data": base64.b64encode(session.parts.get(attachment.id, data["number"])).decode()}


@query(takes=contract.ListAttachments, gives=contract.AttachmentPage, needs="attendance.read", section="attendances")
def list_attachments(session: AttendanceSession, data: Data) -> Data:
    attendance = attendance_of(session, data["attendance_id"])
    staged_by = session.actor.id if data["staged"] else None
    return session.attachments.of_attendance(attendance.id, staged_by, data["limit"], data["cursor"])


def record_with(tx: AttendanceSession, attendance_id: str, entry_id: str, ids: Iterable[str]) -> list[Attachment]:
    """Ties the user's staged attachments to an entry.

    Raises NotFound("attachment_not_found"), Conflict("attachment_recorded").
    """
    recorded = []
    for attachment_id in dict.fromkeys(ids):
        attachment = tx.attachments.get(attachment_id).seen_by(tx.actor.id).of(attendance_id)
        attachment.record(entry_id)
        tx.attachments.save(attachment)
        recorded.append(attachment)
    return recorded


def for_customer(tx: AttendanceSession, attachments: Sequence[Attachment]) -> Data:
    """Row A10: the files of the customer's copy, with their bytes, and the names of those that it has no room for."""
    goes, left_out = copied(attachments)
    files = [{"name": one.name, "media_type": one.media_type, "content": _content(tx, one)} for one in goes]
    return {"files": files, "left_out": [one.name for one in left_out]}


def remove(tx: AttendanceSession, attachment: Attachment) -> None:
    """Unseen at once; its parts are removed soon (cleaner.py)."""
    tx.attachments.delete(attachment)
    fields = {name: getattr(attachment, name) for name in ("id", "attendance_id", "parts", "uploaded_by")}
    left = Upload(**fields, name="", uploaded_by_name="", limit=0, kinds=(), next_at=tx.now)
    left.discard(tx.now)
    tx.uploads.add(left)


def expire(tx: AttendanceSession, attachment_id: str) -> None:
    """One that waited too long; an entry may have been recorded with it at this very moment."""
    attachment = tx.attachments.find(attachment_id)
    if attachment is not None and attachment.staged_by is not None:
        remove(tx, attachment)


def purge(tx: AttendanceSession, attendance_id: str) -> None:
    """All files of an attendance that goes, recorded or not, and those on their way."""
    tx.uploads.discard_all(attendance_id, tx.now)
    while found := tx.attachments.some(attendance_id):
        for attachment in found:
            remove(tx, attachment)


def rule_of(session: AttendanceSession, attendance: Attendance) -> Rule:
    """What the attendance's type lets be attached; an attendance without a type takes the default."""
    kind = type_of(session, attendance)
    return Rule(kind.attachments_allowed, kind.attachment_limit) if kind else Rule()


def _seen(session: AttendanceSession, data: Data) -> Attachment:
    attendance = attendance_of(session, data["attendance_id"])
    return session.attachments.get(data["attachment_id"]).seen_by(session.actor.id).of(attendance.id)


def _content(session: AttendanceSession, attachment: Attachment) -> bytes:
    return b"".join(session.parts.get(attachment.id, number) for number in range(attachment.parts))


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise Invalid("upload_part_unreadable", "Uma parte do arquivo não pôde ser lida.") from error
