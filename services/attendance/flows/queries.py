"""Flows with their totals, as their users see them (row A5)."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from services.attendance.flows import contract
from services.attendance.flows.model import CONFIGURE, Flow
from services.attendance.session import AttendanceSession
from services.chassis.access.visibility import ATTENDANCE_TYPE, CATEGORY
from services.chassis.errors import Forbidden
from services.chassis.handling.entrypoints import query

Data = dict[str, Any]


@query(takes=contract.FlowById, gives=contract.FlowWithTotals, needs="attendance.read", section="attendances")
def get_flow(session: AttendanceSession, data: Data) -> Data:
    """For who may use it, or set it up; raises NotFound("flow_not_found")."""
    configures = session.actor.holds(CONFIGURE)
    find = session.flow_to_configure if configures else session.flow_of_the_user
    return _with_totals(session, [find(data["flow_id"])])[0]


@query(takes=contract.ListFlows, gives=contract.Flows, needs="attendance.read", section="attendances")
def list_flows(session: AttendanceSession, data: Data) -> Data:
    """Rows A5, A13: the flows that the user may use, by name, with their totals: the quick switch between them.

    Raises Forbidden("permission_missing") for `manage` by who may not set flows up.
    """
    if data["manage"] and not session.actor.holds(CONFIGURE):
        raise Forbidden("permission_missing", "Você não tem permissão para esta ação.", permission=CONFIGURE)
    found = session.flows.all() if data["manage"] else session.flows.of_user(session.actor.id)
    shown = [flow for flow in found if session.actor.sees("flow", flow.id)]
    return {"items": _with_totals(session, [one for one in shown if one.active or data["include_inactive"]])}


def _with_totals(session: AttendanceSession, flows: list[Flow]) -> list[Data]:
    """Totals are kept for all of a flow: who sees a part of it only, or sets it up only, is told none."""
    whole = not session.actor.sight.narrowed(CATEGORY, ATTENDANCE_TYPE)
    told = [flow.id for flow in flows if whole and session.sees(flow)]
    totals = session.flow_totals.of(told) if told else {}
    return [{**asdict(flow), "totals": _totals(totals[flow.id]) if flow.id in totals else None} for flow in flows]


def _totals(held: dict[str, Data]) -> Data:
    active = held["active"]
    amounts = [
        {"currency": currency, "amount": str(Decimal(amount).scaleb(-2).quantize(Decimal("0.01")))}
        for currency, amount in sorted(active["amounts"].items())
        if amount
    ]
    counts = {filed: held[filed]["attendances"] for filed in held}
    return {**counts, "quotes_in_approval": active["quotes"], "in_approval": amounts}
