"""What becomes of attached files: recorded with their entry, removed, expired, purged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.attendance.attachments.model.attachments import Attachment, Upload
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import attendance_of

Data = dict[str, Any]


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


def remove(tx: AttendanceSession, attachment: Attachment) -> None:
    """Unseen at once; its parts are removed soon (attachments/jobs.py)."""
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


def visible_attachment(session: AttendanceSession, data: Data) -> Attachment:
    attendance = attendance_of(session, data["attendance_id"])
    return session.attachments.get(data["attachment_id"]).seen_by(session.actor.id).of(attendance.id)
