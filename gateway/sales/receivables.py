"""Receivables of a person (row S18)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.requests import send_command, send_query
from services.chassis.inputs import Choice
from services.sales.receivables import contract
from services.sales.receivables.contract import STATUSES

blp = JsonBlueprint("receivables", __name__, url_prefix="/v1", description="Títulos a receber")


class ReceivableQuery(PageQuery):
    status = Choice(STATUSES, load_default="open")


@blp.get("/persons/<string:person_id>/receivables")
@needs("sales.read")
@blp.arguments(ReceivableQuery, location="query")
@blp.response(200, contract.ReceivablePage)
@refuses(blp)
def list_receivables(data: dict[str, Any], person_id: str) -> Any:
    return send_query("sales", "list_receivables", {**data, "person_id": person_id})


@blp.put("/persons/<string:person_id>/receivables/<string:external_id>")
@needs("sales.write")
@blp.arguments(contract.PutReceivable(exclude=("person_id", "external_id")))
@blp.response(200, contract.Receivable)
@refuses(blp, 404, 409)
def put_receivable(data: dict[str, Any], person_id: str, external_id: str) -> Any:
    """Another system's, under its own id: put again, it is the same receivable."""
    path = {"person_id": person_id, "external_id": external_id}
    return send_command("sales", "put_receivable", contract.PutReceivable, data, **path)


@blp.get("/receivables/<string:receivable_id>")
@needs("sales.read")
@blp.response(200, contract.Receivable)
@refuses(blp, 404)
def get_receivable(receivable_id: str) -> Any:
    return send_query("sales", "get_receivable", {"id": receivable_id})


@blp.post("/receivables/<string:receivable_id>/settle")
@needs("sales.write")
@blp.arguments(contract.SettleReceivable(exclude=("receivable_id",)))
@blp.response(200, contract.Receivable)
@refuses(blp, 404, 409)
def settle_receivable(data: dict[str, Any], receivable_id: str) -> Any:
    return send_command("sales", "settle_receivable", contract.SettleReceivable, data, receivable_id=receivable_id)


@blp.post("/receivables/<string:receivable_id>/unsettle")
@needs("sales.supervise")
@blp.response(200, contract.Receivable)
@refuses(blp, 404, 409)
def unsettle_receivable(receivable_id: str) -> Any:
    """Takes a settlement back."""
    return send_command("sales", "unsettle_receivable", contract.UnsettleReceivable, {}, receivable_id=receivable_id)
