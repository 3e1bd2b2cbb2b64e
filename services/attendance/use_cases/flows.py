"""Flows: who sees them, setting them up, deleting them (row A5)."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from services.attendance import contract
from services.attendance.domain.flow import Flow
from services.attendance.store import AttendanceSession
from services.chassis.entrypoints import command, query
from services.chassis.errors import Forbidden
from services.chassis.visibility import ATTENDANCE_TYPE, CATEGORY

Data = dict[str, Any]
CONFIGURE = "attendance.configure"


@command(takes=contract.CreateFlow, gives=contract.Flow, needs=CONFIGURE, section="attendances")
def create_flow(tx: AttendanceSession, data: Data) -> Flow:
    """Row A5; raises Conflict("flow_exists" or "flow_limit_reached")."""
    users = [tx.actor.id] if data["users"] is None else list(dict.fromkeys(data["users"]))
    alias = data["alias"] or data["name"]
    flow = Flow(tx.new_id(), data["name"], alias, data["description"], users, data["active"], tx.now)
    tx.flows.add(flow)
    tx.flow_totals.start(flow.id)
    _announce(tx, flow)
    return flow


@command(takes=contract.ChangeFlow, gives=contract.Flow, needs=CONFIGURE, section="attendances")
def change_flow(tx: AttendanceSession, data: Data) -> Flow:
    """Row A5; raises NotFound("flow_not_found") or Conflict("flow_exists")."""
    flow = tx.flow_to_configure(data.pop("flow_id"))
    flow.change(**data)
    tx.flows.save(flow)
    _announce(tx, flow)
    return flow


@command(takes=contract.FlowById, gives=contract.Flow, needs=CONFIGURE, section="attendances")
def activate_flow(tx: AttendanceSession, data: Data) -> Flow:
    """Raises Conflict("flow_already_active")."""
    return _switch(tx, data["flow_id"], active=True)


@command(takes=contract.FlowById, gives=contract.Flow, needs=CONFIGURE, section="attendances")
def deactivate_flow(tx: AttendanceSession, data: Data) -> Flow:
    """Raises Conflict("flow_already_inactive")."""
    return _switch(tx, data["flow_id"], active=False)


@command(takes=contract.FlowById, gives=contract.Deleted, needs=CONFIGURE, section="attendances")
def delete_flow(tx: AttendanceSession, data: Data) -> Data:
    """Row A5; raises Conflict("flow_in_use") while it holds attendances, wherever they are filed."""
    flow = tx.flow_to_configure(data["flow_id"])
    held = tx.flow_totals.of([flow.id])[flow.id]
    flow.require_empty(sum(filed["attendances"] for filed in held.values()))
    tx.flow_totals.end(flow.id)
    tx.flows.delete(flow)
    gone = {"flow_id": flow.id, "users": [], "active": False}
    tx.publish(contract.FLOW_CHANGED, flow.id, flow.version + 1, **gone)
    return {"id": flow.id}


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


def _switch(tx: AttendanceSession, flow_id: str, active: bool) -> Flow:
    flow = tx.flow_to_configure(flow_id)
    flow.switch(active)
    tx.flows.save(flow)
    _announce(tx, flow)
    return flow


def _announce(tx: AttendanceSession, flow: Flow) -> None:
    """Who may see what it holds: other services keep a copy."""
    tx.publish(contract.FLOW_CHANGED, flow.id, flow.version, flow_id=flow.id, users=flow.users, active=flow.active)


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
