"""The company's reasons for losing an opportunity (row S15)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.sales.lost_reasons import contract

blp = JsonBlueprint("lost-reasons", __name__, url_prefix="/v1", description="Motivos de perda")

ONE = "/lost-reasons/<string:lost_reason_id>"


@blp.get("/lost-reasons")
@blp.summary("Lista os motivos de perda")
@needs("sales.read")
@blp.arguments(contract.ListLostReasons, location="query")
@blp.response(200, contract.LostReasonList)
@refuses(blp)
def list_lost_reasons(data: dict[str, Any]) -> Any:
    """Row S15: why a sale may be lost; the codes are stable."""
    return send_query("sales", "list_lost_reasons", data)


@blp.post("/lost-reasons")
@blp.summary("Cria um motivo de perda")
@needs("sales.configure")
@blp.arguments(contract.AddLostReason)
@blp.response(201, contract.SavedLostReason)
@refuses(blp, 409)
def create_lost_reason(data: dict[str, Any]) -> Any:
    return send_command("sales", "add_lost_reason", contract.AddLostReason, data)


@blp.patch(ONE)
@blp.summary("Altera um motivo de perda")
@needs("sales.configure")
@blp.arguments(contract.ChangeLostReason(exclude=("code",)))
@blp.response(200, contract.SavedLostReason)
@refuses(blp, 404, 409, 412)
def change_lost_reason(data: dict[str, Any], lost_reason_id: str) -> Any:
    return send_command("sales", "change_lost_reason", contract.ChangeLostReason, data, code=lost_reason_id)


@blp.post(f"{ONE}/archive")
@blp.summary("Arquiva um motivo de perda", "Não pode mais ser escolhido; quem o tem fica com ele.")
@needs("sales.configure")
@blp.response(200, contract.SavedLostReason)
@refuses(blp, 404, 409, 412)
def archive_lost_reason(lost_reason_id: str) -> Any:
    """An archived reason can't be chosen any more; closings that have it keep it."""
    return send_command("sales", "archive_lost_reason", contract.OneLostReason, {}, code=lost_reason_id)


@blp.post(f"{ONE}/unarchive")
@blp.summary("Desarquiva um motivo de perda")
@needs("sales.configure")
@blp.response(200, contract.SavedLostReason)
@refuses(blp, 404, 409, 412)
def unarchive_lost_reason(lost_reason_id: str) -> Any:
    return send_command("sales", "unarchive_lost_reason", contract.OneLostReason, {}, code=lost_reason_id)


@blp.delete(ONE)
@blp.summary("Exclui um motivo de perda", "Recusado enquanto estiver em uso.")
@needs("sales.configure")
@blp.response(200, contract.DeletedLostReason)
@refuses(blp, 404, 409, 412)
def delete_lost_reason(lost_reason_id: str) -> Any:
    """Refused while a closing has it."""
    return send_command("sales", "delete_lost_reason", contract.OneLostReason, {}, code=lost_reason_id)
