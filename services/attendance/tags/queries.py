"""Reading the tags of a flow (row A6)."""

from __future__ import annotations

from typing import Any

from services.attendance.flows import contract as flows_contract
from services.attendance.session import AttendanceSession
from services.attendance.tags import contract
from services.attendance.tags.presenting import present_tags
from services.chassis.handling.entrypoints import query

Data = dict[str, Any]


@query(takes=flows_contract.FlowById, gives=contract.Tags, needs="attendance.read", section="attendances")
def list_tags(session: AttendanceSession, data: Data) -> Data:
    return present_tags(session.flow_of_the_user(data["flow_id"]), session.now)
