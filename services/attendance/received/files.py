"""The files of a received message, through the same checks as uploads (rows A8, N10)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from services.attendance.attachments.commands import rule_of
from services.attendance.attachments.model.attachments import PART_BYTES, Rule, Upload
from services.attendance.attendances.model.attendance import Attendance
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import type_of
from services.chassis.errors import Conflict, Invalid


def stage_files(
    tx: AttendanceSession, attendance: Attendance, files: Sequence[dict[str, Any]], sender: str
) -> tuple[list[str], list[dict[str, str]]]:
    """The ids of the staged attachments; and of each refused file its name and the error code."""
    rule, staged, refused = rule_of(type_of(tx, attendance)), list[str](), list[dict[str, str]]()
    for file in files:
        try:
            staged.append(_stage(tx, attendance, rule, file, sender))
        except (Conflict, Invalid) as error:
            refused.append({"name": file["name"], "code": error.code})
    return staged, refused


def _stage(tx: AttendanceSession, attendance: Attendance, rule: Rule, file: dict[str, Any], sender: str) -> str:
    """Raises what `Rule.check`, `Upload.receive` and `Upload.finish` raise; nothing is stored then."""
    rule.check(0)
    content = file["content"]
    parts = [content[start : start + PART_BYTES] for start in range(0, len(content), PART_BYTES)]
    upload = Upload.begin(tx.new_id(), attendance.id, file["name"], rule, (tx.actor.id, sender), tx.now)
    for number, part in enumerate(parts):
        upload.receive(number, part)
    attachment = upload.finish(hashlib.sha256(content).hexdigest(), tx.now)
    # the customer is not a user
    attachment.uploaded_by = ""
    for number, part in enumerate(parts):
        tx.parts.add(upload, number, part)
    tx.attachments.add(attachment)
    return attachment.id


def list_unkept_files(refused: Sequence[dict[str, str]], left_out: Sequence[str]) -> str:
    """The part of the entry's text that names the files that were not kept; empty if all were."""
    names = [one["name"] for one in refused]
    lines = [f"- {name}: tipo ou conteúdo não aceito" for name in names]
    lines += [f"- {name}: grande demais" for name in left_out]
    return "\n".join(("Anexos que não foram guardados:", *lines)) if lines else ""
