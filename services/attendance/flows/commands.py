"""Creating, changing, activating, deactivating and deleting flows (row A5)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from services.attendance import events
from services.attendance.flows import contract
from services.attendance.flows.model import CONFIGURE, Flow
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.chassis.handling.entrypoints import command

Data = dict[str, Any]


@command(takes=contract.CreateFlow, gives=contract.Flow, needs=CONFIGURE, section="attendances")
def create_flow(tx: AttendanceSession, data: Data) -> Flow:
    """Row A5; raises NotFound("user_not_found"), Conflict: flow_exists, flow_limit_reached, user_inactive."""
    tx.one_at_a_time("flows")
    users = [tx.actor.id] if data["users"] is None else list(dict.fromkeys(data["users"]))
    _require_new(tx, users, [])
    alias = data["alias"] or data["name"]
    flow = Flow(tx.new_id(), data["name"], alias, data["description"], users, data["active"], tx.now)
    tx.flows.add(flow)
    tx.flow_totals.start(flow.id)
    _announce(tx, flow)
    return flow


@command(takes=contract.ChangeFlow, gives=contract.Flow, needs=CONFIGURE, section="attendances")
def change_flow(tx: AttendanceSession, data: Data) -> Flow:
    """Row A5; raises NotFound("flow_not_found", "user_not_found"), Conflict("flow_exists", "user_inactive")."""
    flow = tx.flow_to_configure(data.pop("flow_id"))
    _require_new(tx, data.get("users") or [], flow.users)
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


@command(takes=contract.FlowById, gives=shared_contract.Deleted, needs=CONFIGURE, section="attendances")
def delete_flow(tx: AttendanceSession, data: Data) -> Data:
    """Row A5; raises Conflict("flow_in_use") while it holds attendances, archived and trashed ones included."""
    flow = tx.flow_to_configure(data["flow_id"])
    totals = tx.flow_totals.of([flow.id])[flow.id]
    flow.require_empty(sum(filing["attendances"] for filing in totals.values()))
    tx.flow_totals.end(flow.id)
    tx.flows.delete(flow)
    deleted = {"flow_id": flow.id, "users": [], "active": False}
    tx.publish(events.FLOW_CHANGED, flow.id, flow.version + 1, **deleted)
    return {"id": flow.id, "deleted": True}


def _require_new(tx: AttendanceSession, users: Collection[str], before: Collection[str]) -> None:
    """Whom the flow has already stays, also where they are not active any more; the actor is a user of the company."""
    tx.users.require_all(set(users) - {*before, tx.actor.id})


def _switch(tx: AttendanceSession, flow_id: str, active: bool) -> Flow:
    flow = tx.flow_to_configure(flow_id)
    flow.switch(active)
    tx.flows.save(flow)
    _announce(tx, flow)
    return flow


def _announce(tx: AttendanceSession, flow: Flow) -> None:
    """Publishes who may see the flow's attendances: other services keep a replica."""
    tx.publish(events.FLOW_CHANGED, flow.id, flow.version, flow_id=flow.id, users=flow.users, active=flow.active)
