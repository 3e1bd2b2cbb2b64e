"""Reading the tags of a flow (row A6)."""

from __future__ import annotations

from typing import Any

from services.attendance.flows import contract as flows_contract
from services.attendance.session import AttendanceSession
from services.attendance.tags import contract
from services.attendance.tags.presenting import present_tag
from services.chassis.handling.entrypoints import query

Data = dict[str, Any]


@query(takes=flows_contract.FlowById, gives=contract.Tags, needs="attendance.read", section="attendances")
def list_tags(session: AttendanceSession, data: Data) -> Data:
    """TODOS first, then the flow's tags in their order; and the lock, if a user is ordering them."""
    board = session.flow_of_the_user(data["flow_id"]).board
    ordering = board.ordering if board.is_ordering(session.now) else None
    return {"items": [present_tag(tag) for tag in board.all_tags()], "ordering": ordering}
