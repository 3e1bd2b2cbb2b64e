"""Flows, their tags, and their lists of attendances."""

from __future__ import annotations

from typing import Any

from gateway.access import needs
from gateway.asking import ask, order
from gateway.blueprints.documents import JsonBlueprint, refuses
from services.attendance import contract

blp = JsonBlueprint("flows", __name__, url_prefix="/v1/flows", description="Fluxos de atendimento")

CONFIGURE = "attendance.configure"
READ, WRITE = "attendance.read", "attendance.write"


@blp.get("")
@needs(READ)
@blp.arguments(contract.ListFlows, location="query")
@blp.response(200, contract.Flows)
@refuses(blp)
def list_flows(data: dict[str, Any]) -> Any:
    """Rows A5, A13: the user's flows with their totals; `manage` shows all to who may set them up."""
    return ask("attendance", "list_flows", data)


@blp.post("")
@needs(CONFIGURE)
@blp.arguments(contract.CreateFlow)
@blp.response(201, contract.Flow)
@refuses(blp, 409)
def create_flow(data: dict[str, Any]) -> Any:
    """Row A5."""
    return order("attendance", "create_flow", contract.CreateFlow, data)


@blp.get("/<string:flow_id>")
@needs(READ)
@blp.response(200, contract.FlowWithTotals)
@refuses(blp, 404)
def get_flow(flow_id: str) -> Any:
    """Rows A5, A13: with the number of attendances, and the quotes in approval and their amounts."""
    return ask("attendance", "get_flow", {"flow_id": flow_id})


@blp.patch("/<string:flow_id>")
@needs(CONFIGURE)
@blp.arguments(contract.ChangeFlow(exclude=("flow_id",)))
@blp.response(200, contract.Flow)
@refuses(blp, 404, 409)
def change_flow(data: dict[str, Any], flow_id: str) -> Any:
    """Row A5."""
    return order("attendance", "change_flow", contract.ChangeFlow, data, flow_id=flow_id)


@blp.delete("/<string:flow_id>")
@needs(CONFIGURE)
@blp.response(200, contract.Deleted)
@refuses(blp, 404, 409)
def delete_flow(flow_id: str) -> Any:
    """Row A5: refused while it holds attendances."""
    return order("attendance", "delete_flow", contract.FlowById, {}, flow_id=flow_id)


@blp.post("/<string:flow_id>/activate")
@needs(CONFIGURE)
@blp.response(200, contract.Flow)
@refuses(blp, 404, 409)
def activate_flow(flow_id: str) -> Any:
    return order("attendance", "activate_flow", contract.FlowById, {}, flow_id=flow_id)


@blp.post("/<string:flow_id>/deactivate")
@needs(CONFIGURE)
@blp.response(200, contract.Flow)
@refuses(blp, 404, 409)
def deactivate_flow(flow_id: str) -> Any:
    return order("attendance", "deactivate_flow", contract.FlowById, {}, flow_id=flow_id)


@blp.get("/<string:flow_id>/tags")
@needs(READ)
@blp.response(200, contract.Tags)
@refuses(blp, 404)
def list_tags(flow_id: str) -> Any:
    """Row A6: TODOS first."""
    return ask("attendance", "list_tags", {"flow_id": flow_id})


@blp.post("/<string:flow_id>/tags")
@needs(WRITE)
@blp.arguments(contract.CreateTag(exclude=("flow_id",)))
@blp.response(201, contract.Tag)
@refuses(blp, 404, 409)
def create_tag(data: dict[str, Any], flow_id: str) -> Any:
    """Row A6."""
    return order("attendance", "create_tag", contract.CreateTag, data, flow_id=flow_id)


@blp.patch("/<string:flow_id>/tags/<string:tag_id>")
@needs(WRITE)
@blp.arguments(contract.ChangeTag(exclude=("flow_id", "tag_id")))
@blp.response(200, contract.Tag)
@refuses(blp, 404, 409)
def change_tag(data: dict[str, Any], flow_id: str, tag_id: str) -> Any:
    """Row A6: name and colour."""
    return order("attendance", "change_tag", contract.ChangeTag, data, flow_id=flow_id, tag_id=tag_id)


@blp.delete("/<string:flow_id>/tags/<string:tag_id>")
@needs(WRITE)
@blp.response(200, contract.Deleted)
@refuses(blp, 404, 409)
def delete_tag(flow_id: str, tag_id: str) -> Any:
    """Row A6: unlinks it everywhere."""
    return order("attendance", "delete_tag", contract.TagById, {}, flow_id=flow_id, tag_id=tag_id)


@blp.put("/<string:flow_id>/tag-order")
@needs(WRITE)
@blp.arguments(contract.OrderTags(exclude=("flow_id",)))
@blp.response(200, contract.Tags)
@refuses(blp, 404, 409)
def order_tags(data: dict[str, Any], flow_id: str) -> Any:
    """Row A6: by who holds the lock."""
    return order("attendance", "order_tags", contract.OrderTags, data, flow_id=flow_id)


@blp.post("/<string:flow_id>/tag-order/lock")
@needs(WRITE)
@blp.response(200, contract.TagOrdering)
@refuses(blp, 404, 409)
def take_tag_ordering(flow_id: str) -> Any:
    """Row A6: takes the lock; linking is refused until it is released or expires."""
    return order("attendance", "take_tag_ordering", contract.FlowById, {}, flow_id=flow_id)


@blp.put("/<string:flow_id>/tag-order/lock")
@needs(WRITE)
@blp.response(200, contract.TagOrdering)
@refuses(blp, 404, 409)
def renew_tag_ordering(flow_id: str) -> Any:
    return order("attendance", "renew_tag_ordering", contract.FlowById, {}, flow_id=flow_id)


@blp.delete("/<string:flow_id>/tag-order/lock")
@needs(WRITE)
@blp.response(200, contract.Tags)
@refuses(blp, 404, 409)
def release_tag_ordering(flow_id: str) -> Any:
    return order("attendance", "release_tag_ordering", contract.FlowById, {}, flow_id=flow_id)


@blp.post("/<string:flow_id>/tag-links")
@needs(WRITE)
@blp.arguments(contract.TagAttendances(exclude=("flow_id",)))
@blp.response(200, contract.TaggedAttendances)
@refuses(blp, 404, 409)
def tag_attendances(data: dict[str, Any], flow_id: str) -> Any:
    """Row A6: links and unlinks tags of one or many attendances."""
    return order("attendance", "tag_attendances", contract.TagAttendances, data, flow_id=flow_id)


@blp.get("/<string:flow_id>/attendances")
@needs(READ)
@blp.arguments(contract.ListFlowAttendances(exclude=("flow_id",)), location="query")
@blp.response(200, contract.FlowPage)
@refuses(blp, 404)
def list_flow_attendances(data: dict[str, Any], flow_id: str) -> Any:
    """Row A13; archived and trashed ones with `filed`."""
    return ask("attendance", "list_flow_attendances", {**data, "flow_id": flow_id})


@blp.get("/<string:flow_id>/attendances/<string:attendance_id>/neighbours")
@needs(READ)
@blp.arguments(contract.GetNeighbours(exclude=("flow_id", "attendance_id")), location="query")
@blp.response(200, contract.Neighbours)
@refuses(blp, 404)
def get_neighbours(data: dict[str, Any], flow_id: str, attendance_id: str) -> Any:
    """Row A14: previous and next in the list's order."""
    return ask("attendance", "get_neighbours", {**data, "flow_id": flow_id, "attendance_id": attendance_id})
