"""Listing attachments, and reading their content part by part (row A8)."""

from __future__ import annotations

import base64
from typing import Any

from services.attendance.attachments import contract
from services.attendance.attachments.lifecycle import visible_attachment
from services.attendance.attachments.model.attachments import Attachment
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import attendance_of
from services.chassis.handling.entrypoints import query

Data = dict[str, Any]


@query(takes=contract.OneAttachment, gives=contract.Attachment, needs="attendance.read", section="attendances")
def get_attachment(session: AttendanceSession, data: Data) -> Attachment:
    return visible_attachment(session, data)


@query(takes=contract.GetPart, gives=contract.Part, needs="attendance.read", section="attendances")
def get_attachment_part(session: AttendanceSession, data: Data) -> dict[str, str]:
    attachment = visible_attachment(session, data)
    return {"data": base64.b64encode(session.parts.get(attachment.id, data["number"])).decode()}


@query(takes=contract.ListAttachments, gives=contract.AttachmentPage, needs="attendance.read", section="attendances")
def list_attachments(session: AttendanceSession, data: Data) -> Data:
    """Newest first. Raises NotFound("attendance_not_found"), Invalid("cursor_invalid")."""
    attendance = attendance_of(session, data["attendance_id"])
    staged_by = session.actor.id if data["staged"] else None
    return session.attachments.of_attendance(attendance.id, staged_by, data["limit"], data["cursor"])
