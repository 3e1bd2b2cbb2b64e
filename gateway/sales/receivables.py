"""Receivables of a person (row S18)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import CountedQuery, JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.sales.receivables import contract

blp = JsonBlueprint("receivables", __name__, url_prefix="/v1", description="Títulos a receber")


@blp.get("/persons/<string:person_id>/receivables")
@blp.summary("Lista os títulos a receber de uma pessoa")
@needs("sales.read")
@blp.arguments(contract.ListReceivables(exclude=("person_id",)), location="query")
@blp.response(200, contract.ReceivablePage)
@refuses(blp)
def list_receivables(data: dict[str, Any], person_id: str) -> Any:
    return send_query("sales", "list_receivables", {**data, "person_id": person_id})


@blp.get("/contracts/<string:contract_id>/receivables")
@blp.summary("Lista o que um contrato cobrou", "Os títulos de cada mês, o último primeiro.")
@needs("sales.read")
@blp.arguments(CountedQuery, location="query")
@blp.response(200, contract.ReceivablePage)
@refuses(blp, 404)
def list_receivables_of_contract(data: dict[str, Any], contract_id: str) -> Any:
    return send_query("sales", "list_receivables_of_contract", {**data, "id": contract_id})


@blp.get("/orders/<string:order_id>/receivables")
@blp.summary("Lista os títulos de uma venda", "Pela ordem das parcelas.")
@needs("sales.read")
@blp.arguments(CountedQuery, location="query")
@blp.response(200, contract.ReceivablePage)
@refuses(blp, 404)
def list_receivables_of_order(data: dict[str, Any], order_id: str) -> Any:
    return send_query("sales", "list_receivables_of_order", {**data, "id": order_id})


@blp.put("/persons/<string:person_id>/receivables/<string:external_id>")
@blp.summary("Grava um título a receber de outro sistema", "Pelo id dele lá: gravado de novo, é o mesmo título.")
@needs("sales.write")
@blp.arguments(contract.PutReceivable(exclude=("person_id", "external_id")))
@blp.response(200, contract.Receivable)
@refuses(blp, 404, 409)
def put_receivable(data: dict[str, Any], person_id: str, external_id: str) -> Any:
    """Stores another system's receivable under that system's id; repeated, it changes the same receivable."""
    path = {"person_id": person_id, "external_id": external_id}
    return send_command("sales", "put_receivable", contract.PutReceivable, data, **path)


@blp.get("/receivables/<string:receivable_id>")
@blp.summary("Lê um título a receber")
@needs("sales.read")
@blp.response(200, contract.Receivable)
@refuses(blp, 404)
def get_receivable(receivable_id: str) -> Any:
    return send_query("sales", "get_receivable", {"id": receivable_id})


@blp.post("/receivables/<string:receivable_id>/settle")
@blp.summary("Baixa um título a receber")
@needs("sales.write")
@blp.arguments(contract.SettleReceivable(exclude=("receivable_id", "paid")))
@blp.response(200, contract.Receivable)
@refuses(blp, 404, 409, 412)
def settle_receivable(data: dict[str, Any], receivable_id: str) -> Any:
    """Records a payment of the outstanding amount or of a part of it."""
    return send_command("sales", "settle_receivable", contract.SettleReceivable, data, receivable_id=receivable_id)


@blp.post("/receivables/<string:receivable_id>/withdraw")
@blp.summary(
    "Cancela um título cobrado errado por um contrato",
    "O mês pode ser cobrado de novo, à mão, pelo contrato.",
)
@needs("sales.supervise")
@blp.arguments(contract.WithdrawReceivable(only=("reason",)))
@blp.response(200, contract.Receivable)
@refuses(blp, 404, 409, 412)
def withdraw_receivable(data: dict[str, Any], receivable_id: str) -> Any:
    return send_command("sales", "withdraw_receivable", contract.WithdrawReceivable, data, receivable_id=receivable_id)


@blp.post("/receivables/<string:receivable_id>/payments/<string:payment_id>/reverse")
@blp.summary("Desfaz um pagamento", "O registro do pagamento permanece.")
@needs("sales.supervise")
@blp.arguments(contract.ReversePayment(only=("reason",)))
@blp.response(200, contract.Receivable)
@refuses(blp, 404, 409, 412)
def reverse_payment(data: dict[str, Any], receivable_id: str, payment_id: str) -> Any:
    """Reverses a payment; its record stays."""
    path = {"receivable_id": receivable_id, "payment_id": payment_id}
    return send_command("sales", "reverse_payment", contract.ReversePayment, data, **path)
