"""Flows, their tags, and their lists of attendances."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.attendance.board import contract as board_contract
from services.attendance.filing import contract as filing_contract
from services.attendance.flows import contract as flows_contract
from services.attendance.shared import contract as shared_contract
from services.attendance.tags import contract as tags_contract

blp = JsonBlueprint("flows", __name__, url_prefix="/v1/flows", description="Fluxos de atendimento")

CONFIGURE = "attendance.configure"
READ, WRITE = "attendance.read", "attendance.write"


@blp.get("")
@blp.summary("Lista os fluxos")
@needs(READ)
@blp.arguments(flows_contract.ListFlows, location="query")
@blp.response(200, flows_contract.Flows)
@refuses(blp)
def list_flows(data: dict[str, Any]) -> Any:
    """Rows A5, A13: the user's flows with their totals; `manage` lists all flows for users who may configure them."""
    return send_query("attendance", "list_flows", data)


@blp.post("")
@blp.summary("Cria um fluxo")
@needs(CONFIGURE)
@blp.arguments(flows_contract.CreateFlow)
@blp.response(201, flows_contract.Flow, at="/v1/flows/{id}")
@refuses(blp, 404, 409)
def create_flow(data: dict[str, Any]) -> Any:
    """Row A5."""
    return send_command("attendance", "create_flow", flows_contract.CreateFlow, data)


@blp.get("/<string:flow_id>")
@blp.summary("Lê um fluxo")
@needs(READ)
@blp.response(200, flows_contract.FlowWithTotals)
@refuses(blp, 404)
def get_flow(flow_id: str) -> Any:
    """Rows A5, A13: with the number of attendances, and the quotes in approval and their amounts."""
    return send_query("attendance", "get_flow", {"flow_id": flow_id})


@blp.patch("/<string:flow_id>")
@blp.summary("Altera um fluxo")
@needs(CONFIGURE)
@blp.arguments(flows_contract.ChangeFlow(exclude=("flow_id",)))
@blp.response(200, flows_contract.Flow)
@refuses(blp, 404, 409, 412)
def change_flow(data: dict[str, Any], flow_id: str) -> Any:
    """Row A5."""
    return send_command("attendance", "change_flow", flows_contract.ChangeFlow, data, flow_id=flow_id)


@blp.delete("/<string:flow_id>")
@blp.summary("Exclui um fluxo", "Recusado enquanto houver atendimentos nele.")
@needs(CONFIGURE)
@blp.response(200, shared_contract.Deleted)
@refuses(blp, 404, 409, 412)
def delete_flow(flow_id: str) -> Any:
    """Row A5: refused while it holds attendances."""
    return send_command("attendance", "delete_flow", flows_contract.FlowById, {}, flow_id=flow_id)


@blp.post("/<string:flow_id>/activate")
@blp.summary("Ativa um fluxo")
@needs(CONFIGURE)
@blp.response(200, flows_contract.Flow)
@refuses(blp, 404, 409, 412)
def activate_flow(flow_id: str) -> Any:
    return send_command("attendance", "activate_flow", flows_contract.FlowById, {}, flow_id=flow_id)


@blp.post("/<string:flow_id>/deactivate")
@blp.summary("Desativa um fluxo")
@needs(CONFIGURE)
@blp.response(200, flows_contract.Flow)
@refuses(blp, 404, 409, 412)
def deactivate_flow(flow_id: str) -> Any:
    return send_command("attendance", "deactivate_flow", flows_contract.FlowById, {}, flow_id=flow_id)


@blp.get("/<string:flow_id>/tags")
@blp.summary("Lista as tags de um fluxo")
@needs(READ)
@blp.response(200, tags_contract.Tags)
@refuses(blp, 404)
def list_tags(flow_id: str) -> Any:
    """Row A6: TODOS first."""
    return send_query("attendance", "list_tags", {"flow_id": flow_id})


@blp.post("/<string:flow_id>/tags")
@blp.summary("Cria uma tag")
@needs(WRITE)
@blp.arguments(tags_contract.CreateTag(exclude=("flow_id",)))
@blp.response(201, tags_contract.SavedTag)
@refuses(blp, 404, 409, 412)
def create_tag(data: dict[str, Any], flow_id: str) -> Any:
    """Row A6."""
    return send_command("attendance", "create_tag", tags_contract.CreateTag, data, flow_id=flow_id)


@blp.patch("/<string:flow_id>/tags/<string:tag_id>")
@blp.summary("Altera uma tag")
@needs(WRITE)
@blp.arguments(tags_contract.ChangeTag(exclude=("flow_id", "tag_id")))
@blp.response(200, tags_contract.SavedTag)
@refuses(blp, 404, 409, 412)
def change_tag(data: dict[str, Any], flow_id: str, tag_id: str) -> Any:
    """Row A6: name and colour."""
    return send_command("attendance", "change_tag", tags_contract.ChangeTag, data, flow_id=flow_id, tag_id=tag_id)


@blp.delete("/<string:flow_id>/tags/<string:tag_id>")
@blp.summary("Exclui uma tag")
@needs(WRITE)
@blp.response(200, shared_contract.Deleted)
@refuses(blp, 404, 409, 412)
def delete_tag(flow_id: str, tag_id: str) -> Any:
    """Row A6: unlinks it everywhere."""
    return send_command("attendance", "delete_tag", tags_contract.TagById, {}, flow_id=flow_id, tag_id=tag_id)


@blp.put("/<string:flow_id>/tag-order")
@blp.summary("Ordena as tags de um fluxo")
@needs(WRITE)
@blp.arguments(tags_contract.OrderTags(exclude=("flow_id",)))
@blp.response(200, tags_contract.Tags)
@refuses(blp, 404, 409, 412, edits=False)
def order_tags(data: dict[str, Any], flow_id: str) -> Any:
    """Row A6: only for the user who holds the lock."""
    return send_command("attendance", "order_tags", tags_contract.OrderTags, data, flow_id=flow_id)


@blp.post("/<string:flow_id>/tag-order/lock")
@blp.summary("Reserva a ordenação das tags", "Enquanto alguém ordena, ninguém mais ordena nem vincula.")
@needs(WRITE)
@blp.response(200, tags_contract.TagOrdering)
@refuses(blp, 404, 409)
def take_tag_ordering(flow_id: str) -> Any:
    """Row A6: takes the lock; linking is refused until it is released or expires."""
    return send_command("attendance", "take_tag_ordering", flows_contract.FlowById, {}, flow_id=flow_id)


@blp.put("/<string:flow_id>/tag-order/lock")
@blp.summary("Renova a reserva da ordenação das tags")
@needs(WRITE)
@blp.response(200, tags_contract.TagOrdering)
@refuses(blp, 404, 409)
def renew_tag_ordering(flow_id: str) -> Any:
    return send_command("attendance", "renew_tag_ordering", flows_contract.FlowById, {}, flow_id=flow_id)


@blp.delete("/<string:flow_id>/tag-order/lock")
@blp.summary("Libera a ordenação das tags")
@needs(WRITE)
@blp.response(200, tags_contract.Tags)
@refuses(blp, 404, 409, 412, edits=False)
def release_tag_ordering(flow_id: str) -> Any:
    return send_command("attendance", "release_tag_ordering", flows_contract.FlowById, {}, flow_id=flow_id)


@blp.post("/<string:flow_id>/tag-links")
@blp.summary("Vincula e desvincula tags de atendimentos")
@needs(WRITE)
@blp.arguments(tags_contract.TagAttendances(exclude=("flow_id",)))
@blp.response(200, tags_contract.TaggedAttendances)
@refuses(blp, 404, 409)
def tag_attendances(data: dict[str, Any], flow_id: str) -> Any:
    """Row A6: links and unlinks tags of one or many attendances."""
    return send_command("attendance", "tag_attendances", tags_contract.TagAttendances, data, flow_id=flow_id)


@blp.get("/<string:flow_id>/board")
@blp.summary(
    "Mostra o quadro de um fluxo",
    "Uma coluna por tag, TODOS primeiro, cada uma com a sua contagem, os seus totais e os primeiros cartões.",
)
@needs(READ)
@blp.arguments(board_contract.GetFlowBoard(exclude=("flow_id",)), location="query")
@blp.response(200, board_contract.FlowBoard)
@refuses(blp, 404)
def get_flow_board(data: dict[str, Any], flow_id: str) -> Any:
    """Rows A6, A13."""
    return send_query("attendance", "get_flow_board", {**data, "flow_id": flow_id})


@blp.get("/<string:flow_id>/cards")
@blp.summary("Lista os próximos cartões de uma coluna do quadro", "Com o `next_cursor` e o `sort` do quadro.")
@needs(READ)
@blp.arguments(board_contract.ListFlowCards(exclude=("flow_id",)), location="query")
@blp.response(200, board_contract.FlowCardPage)
@refuses(blp, 404)
def list_flow_cards(data: dict[str, Any], flow_id: str) -> Any:
    """Rows A6, A13: the cards of a tag's column."""
    return send_query("attendance", "list_flow_cards", {**data, "flow_id": flow_id})


@blp.get("/<string:flow_id>/attendances")
@blp.summary("Lista os atendimentos de um fluxo", "Com as colunas da empresa, ordenação, busca e filtro por tag.")
@needs(READ)
@blp.arguments(filing_contract.ListFlowAttendances(exclude=("flow_id",)), location="query")
@blp.response(200, filing_contract.FlowPage)
@refuses(blp, 404)
def list_flow_attendances(data: dict[str, Any], flow_id: str) -> Any:
    """Row A13; archived and trashed ones with `filed`."""
    return send_query("attendance", "list_flow_attendances", {**data, "flow_id": flow_id})


@blp.get("/<string:flow_id>/attendances/<string:attendance_id>/neighbours")
@blp.summary("Mostra o atendimento anterior e o próximo")
@needs(READ)
@blp.arguments(filing_contract.GetNeighbours(exclude=("flow_id", "attendance_id")), location="query")
@blp.response(200, filing_contract.Neighbours)
@refuses(blp, 404)
def get_neighbours(data: dict[str, Any], flow_id: str, attendance_id: str) -> Any:
    """Row A14: previous and next in the list's order."""
    return send_query("attendance", "get_neighbours", {**data, "flow_id": flow_id, "attendance_id": attendance_id})
