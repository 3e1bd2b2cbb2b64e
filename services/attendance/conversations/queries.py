"""The conversation of an opportunity, read (row S1)."""

from __future__ import annotations

from typing import Any

from services.attendance import subscribers as attendance_subscribers
from services.attendance.session import AttendanceSession
from services.chassis.errors import NotReplicatedYet
from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById


@query(takes=ById, gives=attendance_subscribers.ConversationOpened, needs="sales.read", section="opportunities")
def get_conversation(session: AttendanceSession, data: dict[str, Any]) -> dict[str, str]:
    """Answers once an opportunity's conversation is there: the chassis asks again for a moment.

    Raises NotFound("attendance_not_found"). Nothing of it is told, so whoever made its opportunity may ask.
    """
    if not session.attendances.has(data["id"]):
        raise NotReplicatedYet("attendance_not_found", "Atendimento não encontrado.", awaited=data["id"])
    return {"id": data["id"]}
