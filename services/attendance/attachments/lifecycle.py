"""Recording attachments with an entry, and removing, expiring and purging them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.attendance.attachments.model.attachments import Attachment, Upload
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import attendance_of

Data = dict[str, Any]


def record_with(tx: AttendanceSession, attendance_id: str, entry_id: str, ids: Iterable[str]) -> list[Attachment]:
    """Ties the user's staged attachments (`ids`) to an entry; gives them in that order, each once.

    Raises NotFound("attachment_not_found"), Conflict("attachment_recorded").
    """
    recorded = []
    for attachment_id in dict.fromkeys(ids):
        attachment = tx.attachments.get(attachment_id).seen_by(tx.actor.id).of(attendance_id)
        attachment.record(entry_id)
        tx.attachments.save(attachment)
        recorded.append(attachment)
    return recorded


def remove(tx: AttendanceSession, attachment: Attachment) -> None:
    """Deletes the attachment, and leaves its parts to the cleaner as a discarded upload (attachments/jobs.py)."""
    tx.attachments.delete(attachment)
    fields = {name: getattr(attachment, name) for name in ("id", "attendance_id", "parts", "uploaded_by")}
    upload = Upload(**fields, name="", uploaded_by_name="", limit=0, kinds=(), next_at=tx.now)
    upload.discard(tx.now)
    tx.uploads.add(upload)


def expire(tx: AttendanceSession, attachment_id: str) -> None:
    """Removes a staged attachment; nothing happens if an entry was recorded with it meanwhile."""
    attachment = tx.attachments.find(attachment_id)
    if attachment is not None and attachment.staged_by is not None:
        remove(tx, attachment)


def purge(tx: AttendanceSession, attendance_id: str) -> None:
    """Removes all attachments of an attendance, recorded or staged, and its unfinished uploads."""
    tx.uploads.discard_all(attendance_id, tx.now)
    while attachments := tx.attachments.first_of(attendance_id):
        for attachment in attachments:
            remove(tx, attachment)


def visible_attachment(session: AttendanceSession, data: Data) -> Attachment:
    """The attachment of OneAttachment's `data`, if the actor may see it.

    Raises NotFound("attendance_not_found", "attachment_not_found").
    """
    attendance = attendance_of(session, data["attendance_id"])
    return session.attachments.get(data["attachment_id"]).seen_by(session.actor.id).of(attendance.id)
