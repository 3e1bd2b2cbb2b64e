"""Quotes of a conversation, a person or the company (row S11)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import CountedQuery, JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.sales.quotes import contract

blp = JsonBlueprint("quotes", __name__, url_prefix="/v1", description="Propostas")


@blp.post("/attendances/<string:attendance_id>/quotes")
@blp.summary("Faz uma proposta em um atendimento")
@needs("sales.write")
@blp.arguments(contract.Offer)
@blp.response(201, contract.Quote, at="/v1/quotes/{id}")
@refuses(blp, 404)
def create_quote(data: dict[str, Any], attendance_id: str) -> Any:
    return send_command("sales", "make_quote", contract.Offer, data, attendance_id=attendance_id)


@blp.post("/opportunities/<string:opportunity_id>/quotes")
@blp.summary("Faz uma proposta em um contato de venda")
@needs("sales.write")
@blp.arguments(contract.Offer)
@blp.response(201, contract.Quote, at="/v1/quotes/{id}")
@refuses(blp, 404, 409)
def create_quote_of_opportunity(data: dict[str, Any], opportunity_id: str) -> Any:
    return send_command("sales", "make_quote", contract.Offer, data, opportunity_id=opportunity_id)


@blp.get("/attendances/<string:attendance_id>/quotes")
@blp.summary("Lista as propostas de um atendimento")
@needs("sales.read")
@blp.arguments(CountedQuery, location="query")
@blp.response(200, contract.QuotePage)
@refuses(blp)
def list_quotes_of_attendance(data: dict[str, Any], attendance_id: str) -> Any:
    return send_query("sales", "list_quotes", {**data, "attendance_id": attendance_id})


@blp.get("/persons/<string:person_id>/quotes")
@blp.summary("Lista as propostas de uma pessoa")
@needs("sales.read")
@blp.arguments(CountedQuery, location="query")
@blp.response(200, contract.QuotePage)
@refuses(blp)
def list_quotes_of_person(data: dict[str, Any], person_id: str) -> Any:
    return send_query("sales", "list_quotes", {**data, "person_id": person_id})


@blp.get("/quotes")
@blp.summary("Lista as propostas da empresa")
@needs("sales.read")
@blp.arguments(contract.SearchQuotes, location="query")
@blp.response(200, contract.CompanyQuotePage)
@refuses(blp)
def search_quotes(data: dict[str, Any]) -> Any:
    """All quotes of the company."""
    return send_query("sales", "search_quotes", data, contract.SearchQuotes)


@blp.get("/quotes/<string:quote_id>")
@blp.summary("Lê uma proposta")
@needs("sales.read")
@blp.response(200, contract.Quote)
@refuses(blp, 404)
def get_quote(quote_id: str) -> Any:
    return send_query("sales", "get_quote", {"id": quote_id})


@blp.post("/quotes/<string:quote_id>/versions")
@blp.summary("Faz uma nova versão da proposta", "As versões anteriores perdem a validade.")
@needs("sales.write")
@blp.arguments(contract.Offer)
@blp.response(200, contract.Quote)
@refuses(blp, 404, 409, 412)
def revise_quote(data: dict[str, Any], quote_id: str) -> Any:
    """A commercial change makes a new current version; the earlier ones become void."""
    return send_command("sales", "revise_quote", contract.Offer, data, quote_id=quote_id)


@blp.post("/quotes/<string:quote_id>/versions/<int:number>/approve")
@blp.summary("Aprova uma proposta", "Ela vira uma venda com os seus títulos a receber.")
@needs("sales.write")
@blp.response(200, contract.Quote)
@refuses(blp, 404, 409, 412)
def approve_quote(quote_id: str, number: int) -> Any:
    """The quote becomes an order with its receivables."""
    return send_command("sales", "approve_quote", contract.ApproveQuote, {}, quote_id=quote_id, number=number)


@blp.post("/quotes/<string:quote_id>/versions/<int:number>/reject")
@blp.summary("Rejeita uma proposta")
@needs("sales.write")
@blp.arguments(contract.RejectQuote(only=("reason",)))
@blp.response(200, contract.Quote)
@refuses(blp, 404, 409, 412)
def reject_quote(data: dict[str, Any], quote_id: str, number: int) -> Any:
    return send_command("sales", "reject_quote", contract.RejectQuote, data, quote_id=quote_id, number=number)
