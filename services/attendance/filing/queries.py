"""The list of a flow, and an attendance's neighbours in it (rows A13, A14)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.attendance.attendances.model.attendance import Attendance
from services.attendance.filing import contract
from services.attendance.filing.repository import View
from services.attendance.flows.model import Flow
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import attendance_of, sees_type
from services.attendance.tags.model import TODOS
from services.chassis.errors import NotFound
from services.chassis.handling.entrypoints import query

Data = dict[str, Any]


@query(takes=contract.ListFlowAttendances, gives=contract.FlowPage, needs="attendance.read", section="attendances")
def list_flow_attendances(session: AttendanceSession, data: Data) -> Data:
    """Row A13; raises NotFound("flow_not_found" or "tag_not_found"), Invalid("search_too_broad")."""
    limit, cursor = data.pop("limit"), data.pop("cursor")
    flow, view = _view(session, data)
    page = session.flow_lists.page(view, limit, cursor)
    visible = [attendance for attendance in page["items"] if sees_type(session, attendance.type_id)]
    return {**page, "items": [_row(flow, attendance) for attendance in visible]}


@query(takes=contract.GetNeighbours, gives=contract.Neighbours, needs="attendance.read", section="attendances")
def get_neighbours(session: AttendanceSession, data: Data) -> Data:
    """Row A14: the attendances before and after one, in the order of the list from which it was opened.

    Raises NotFound("attendance_not_found", "attendance_not_in_flow", "flow_not_found" or "tag_not_found"),
    Invalid("search_too_broad").
    """
    return neighbours_of(session, attendance_of(session, data.pop("attendance_id")), data)


def neighbours_of(session: AttendanceSession, attendance: Attendance, data: Data) -> Data:
    """`data`: the fields of contract.FlowView."""
    flow, view = _view(session, data)
    if attendance.flow_id != flow.id:
        raise NotFound("attendance_not_in_flow", "O atendimento não está neste fluxo.")
    previous, following = session.flow_lists.neighbours(view, attendance)
    return {"previous": previous, "next": following}


def _view(session: AttendanceSession, data: Data) -> tuple[Flow, View]:
    """The flow and the view of it; the tag TODOS shows all. Raises NotFound("flow_not_found", "tag_not_found")."""
    flow = session.flow_of_the_user(data["flow_id"])
    tag_id = data["tag_id"] and flow.board.get(data["tag_id"]).id
    return flow, View(**{**data, "tag_id": None if tag_id == TODOS else tag_id})


def _row(flow: Flow, attendance: Attendance) -> Data:
    return {
        **vars(attendance),
        "value": attendance.value,
        "currency": attendance.currency,
        "quotes_in_approval": attendance.quotes_in_approval,
        "tags": [{**asdict(tag), "fixed": False} for tag in flow.board.living(attendance.tags)],
        "updated_at": attendance.updated_at,
        "created_at": attendance.opened_at,
    }
