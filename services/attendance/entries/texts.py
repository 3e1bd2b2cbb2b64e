"""The text of an entry: typed, or a standard text of the type with its variables filled in (rows A7, A8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.attendance.attendances.model.attendance import Attendance
from services.attendance.entries.stepping import text_values
from services.attendance.session import AttendanceSession
from services.attendance.types.model.texts import fill
from services.attendance.types.model.types import Type
from services.chassis.errors import Invalid, NotFound
from services.chassis.storage.rows import Document


def text_of_entry(
    tx: AttendanceSession, attendance: Attendance, person: Document, kind: Type | None, data: Mapping[str, Any]
) -> str:
    """The typed text, or else the chosen standard text with its variables filled in.

    Raises NotFound("standard_text_not_found"), Invalid("entry_text_missing", "standard_text_too_long").
    """
    text: str = data["text"]
    if data["standard_text_id"]:
        if kind is None:
            raise NotFound("standard_text_not_found", "O atendimento não tem tipo, e assim não tem textos padrão.")
        standard = kind.standard_text(data["standard_text_id"])
        text = text or fill(standard.text, text_values(tx, attendance, person, kind))
    if not text:
        detail = "Escreva o parecer ou escolha um texto padrão."
        raise Invalid("entry_text_missing", detail, fields={"text": [detail]})
    return text


def opens_with_entry(data: Mapping[str, Any]) -> bool:
    """Row A7: whether an attendance is opened with a first entry (`data`: contract.OpenAttendance).

    Files or a copy for the customer make one, too; it is refused without a text.
    """
    return bool(data["text"] or data["standard_text_id"] or data["attachment_ids"] or data["notify_customer"])


def standard_text_fields(standard_text_id: str | None) -> dict[str, Any]:
    """Row A11: the fields of an entry that name the standard text it was made with."""
    return {"standard": standard_text_id is not None, "standard_text_id": standard_text_id}
