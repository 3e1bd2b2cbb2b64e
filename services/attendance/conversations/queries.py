"""Reading the attendance (conversation) of an opportunity (row S1)."""

from __future__ import annotations

from typing import Any

from services.attendance.conversations import contract
from services.attendance.session import AttendanceSession
from services.chassis.errors import NotReplicatedYet
from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById


@query(takes=ById, gives=contract.ConversationOpened, needs="sales.read", section="opportunities")
def get_conversation(session: AttendanceSession, data: dict[str, Any]) -> dict[str, str]:
    """Row S1: answers the id once the opportunity's attendance has been opened.

    Raises NotReplicatedYet("attendance_not_found") before that: the chassis retries for a moment, then answers 404.
    Gives nothing but the id, so it needs the right to see opportunities only.
    """
    if not session.attendances.has(data["id"]):
        raise NotReplicatedYet("attendance_not_found", "Atendimento não encontrado.", awaited=data["id"])
    return {"id": data["id"]}
