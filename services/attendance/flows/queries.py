"""Reading flows with their totals (rows A5, A13)."""

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
    """For users of the flow, and those who configure flows; raises NotFound("flow_not_found")."""
    configures = session.actor.holds(CONFIGURE)
    find = session.flow_to_configure if configures else session.flow_of_the_user
    return _with_totals(session, [find(data["flow_id"])])[0]


@query(takes=contract.ListFlows, gives=contract.Flows, needs="attendance.read", section="attendances")
def list_flows(session: AttendanceSession, data: Data) -> Data:
    """Rows A5, A13: the flows that the user may use, by name, with their totals; with `manage` all of the company.

    Raises Forbidden("permission_missing") for `manage` without `attendance.configure`.
    """
    if data["manage"] and not session.actor.holds(CONFIGURE):
        raise Forbidden("permission_missing", "Você não tem permissão para esta ação.", permission=CONFIGURE)
    flows = session.flows.all() if data["manage"] else session.flows.of_user(session.actor.id)
    visible = [flow for flow in flows if session.actor.sees("flow", flow.id)]
    return {"items": _with_totals(session, [flow for flow in visible if flow.active or data["include_inactive"]])}


def _with_totals(session: AttendanceSession, flows: list[Flow]) -> list[Data]:
    totals = visible_totals(session, flows)
    return [{**asdict(flow), "totals": totals.get(flow.id)} for flow in flows]


def visible_totals(session: AttendanceSession, flows: list[Flow]) -> dict[str, Data]:
    """Totals count all attendances of a flow, so only a user who may see all of them receives totals."""
    sees_all = not session.actor.sight.narrowed(CATEGORY, ATTENDANCE_TYPE)
    counted = [flow.id for flow in flows if sees_all and session.sees(flow)]
    totals = session.flow_totals.of(counted) if counted else {}
    return {flow_id: _totals(by_filing) for flow_id, by_filing in totals.items()}


def _totals(by_filing: dict[str, Data]) -> Data:
    """The fields of `contract.FlowTotals`; stored amounts are in hundredths."""
    active = by_filing["active"]
    amounts = present_amounts(active["amounts"])
    counts = {filing: totals["attendances"] for filing, totals in by_filing.items()}
    return {**counts, "quotes_in_approval": active["quotes"], "in_approval": amounts}


def present_amounts(hundredths: dict[str, int]) -> list[Data]:
    """Amounts in hundredths by currency as the fields of contract.FlowAmount; amounts of 0 are left out."""
    return [
        {"currency": currency, "amount": str(Decimal(amount).scaleb(-2).quantize(Decimal("0.01")))}
        for currency, amount in sorted(hundredths.items())
        if amount
    ]
