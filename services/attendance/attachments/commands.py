"""Uploading files for entries in parts, discarding uploads and deleting attachments (rows A7, A8)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import Any

from services.attendance.attachments import contract
from services.attendance.attachments.lifecycle import remove, visible_attachment
from services.attendance.attachments.model.attachments import (
    Attachment,
    Opening,
    Rule,
    Upload,
    refuse_too_many,
    split_by_room,
)
from services.attendance.attendances.model.attendance import Attendance
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import attendance_of, id_of_key, require_same_person, type_of, type_to_open
from services.attendance.types.model.types import Type
from services.chassis.errors import Invalid
from services.chassis.handling.entrypoints import command

Data = dict[str, Any]


@command(takes=contract.BeginUpload, gives=contract.UploadBegun, needs="attendance.write", section="attendances")
def begin_upload(tx: AttendanceSession, data: Data) -> Upload:
    """Raises Conflict("attendance_closed", "person_erased", "attachments_not_allowed", "attachments_too_many")."""
    return _begin_for(tx, attendance_of(tx, data["attendance_id"]), data["name"])


@command(takes=contract.BeginOpeningUpload, gives=contract.UploadBegun, needs="attendance.write", section="attendances")
def begin_opening_upload(tx: AttendanceSession, data: Data) -> Upload:
    """Row A7: a file for the first entry of an attendance about to be opened; once it is opened, as begin_upload.

    Raises what begin_upload raises, NotFound("person_not_found", "type_not_found"), Conflict("type_is_group",
    "type_inactive", "dedup_key_reused").
    """
    attendance_id, person_id = id_of_key(tx, data["dedup_key"]), data["person_id"]
    known = tx.attendances.find(attendance_id) or tx.openings.find(attendance_id)
    if known is not None:
        require_same_person(tx, known.person_id, person_id)
    if isinstance(known, Attendance):
        return _begin_for(tx, attendance_of(tx, attendance_id), data["name"])
    tx.persons.get(person_id)
    rule = rule_of(type_to_open(tx, data["type_id"] or tx.options.get().default_type_id))
    tx.openings.put(Opening.begin(attendance_id, person_id, tx.now))
    return _begin(tx, attendance_id, rule, data["name"])


def _begin_for(tx: AttendanceSession, attendance: Attendance, name: str) -> Upload:
    attendance.require_open()
    tx.persons.get(attendance.person_id)
    return _begin(tx, attendance.id, rule_of(type_of(tx, attendance)), name)


def _begin(tx: AttendanceSession, attendance_id: str, rule: Rule, name: str) -> Upload:
    unfinished = tx.uploads.count_unfinished(attendance_id, tx.actor.id)
    rule.check(unfinished + tx.attachments.count_staged(attendance_id, tx.actor.id))
    upload = Upload.begin(tx.new_id(), attendance_id, name, rule, (tx.actor.id, tx.actor.name), tx.now)
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
    if tx.openings.find(upload.attendance_id) is None:
        attendance_of(tx, upload.attendance_id)
    # again: many uploads may have been begun before the first was finished, and may end at the same time
    tx.one_at_a_time(f"staged:{tx.actor.id}")
    refuse_too_many(tx.attachments.count_staged(upload.attendance_id, tx.actor.id))
    digest = hashlib.sha256()
    for number in range(upload.parts):
        digest.update(tx.parts.get(upload.id, number))
    attachment = upload.finish(digest.hexdigest(), tx.now)
    tx.attachments.add(attachment)
    tx.uploads.delete(upload)
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


def files_for_customer(tx: AttendanceSession, attachments: Sequence[Attachment]) -> Data:
    """Row A10: the files for the customer's copy with their bytes, and the names of those that are too large for it."""
    fitting, left_out = split_by_room(attachments)
    files = [{"name": file.name, "media_type": file.media_type, "content": _content(tx, file)} for file in fitting]
    return {"files": files, "left_out": [file.name for file in left_out]}


def rule_of(kind: Type | None) -> Rule:
    """The rule of an attendance's type for attachments; the default rule without a type."""
    return Rule(kind.attachments_allowed, kind.attachment_limit) if kind else Rule()


def _content(session: AttendanceSession, attachment: Attachment) -> bytes:
    return b"".join(session.parts.get(attachment.id, number) for number in range(attachment.parts))


def _decode(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise Invalid("upload_part_unreadable", "Uma parte do arquivo não pôde ser lida.") from error
