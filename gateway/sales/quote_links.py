"""Links to the customer's page of a quote, and what customers answered; the company's letterhead (rows S12, S25)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.public_url import public_url
from gateway.http.requests import send_command, send_command_secretly, send_query
from services.sales.letterhead import contract as letterhead_contract
from services.sales.quote_links import contract

blp = JsonBlueprint("quote_links", __name__, url_prefix="/v1", description="Página da proposta para o cliente")


class MadeLink(contract.QuoteLink):
    """`url` is secret and shown only here: anybody who has it can open the page and answer for the customer."""

    url = fields.String()


@blp.post("/quotes/<string:quote_id>/links")
@blp.honours(secret=True)
@blp.summary(
    "Cria um link da proposta para o cliente",
    "Um endereço secreto, com validade, que mostra a versão atual e recebe o aceite, a recusa ou perguntas. "
    "É respondido uma única vez.",
)
@needs("sales.write")
@blp.arguments(contract.MakeQuoteLink(exclude=("quote_id",)))
@blp.response(201, MadeLink)
@refuses(blp, 404, 409)
def create_quote_link(data: dict[str, Any], quote_id: str) -> Any:
    made = send_command_secretly("sales", "make_quote_link", contract.MakeQuoteLink, data, quote_id=quote_id)
    return {**{name: made[name] for name in made if name != "token"}, "url": f"{public_url()}/q/{made['token']}"}


@blp.get("/quotes/<string:quote_id>/links")
@blp.summary("Lista os links de uma proposta", "Sem os endereços, que são secretos.")
@needs("sales.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, contract.QuoteLinkPage)
@refuses(blp, 404)
def list_quote_links(data: dict[str, Any], quote_id: str) -> Any:
    return send_query("sales", "list_quote_links", {**data, "quote_id": quote_id})


@blp.post("/quote-links/<string:link_id>/revoke")
@blp.summary("Cancela um link da proposta")
@needs("sales.write")
@blp.response(200, contract.QuoteLink)
@refuses(blp, 404, 412)
def revoke_quote_link(link_id: str) -> Any:
    return send_command("sales", "revoke_quote_link", contract.RevokeQuoteLink, {}, link_id=link_id)


@blp.get("/quotes/<string:quote_id>/answers")
@blp.summary(
    "Lista as respostas do cliente na página da proposta",
    "Aceites, recusas e perguntas, com a prova: quando, de onde, por quem, e de que versão.",
)
@needs("sales.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, contract.QuoteAnswerPage)
@refuses(blp, 404)
def list_quote_answers(data: dict[str, Any], quote_id: str) -> Any:
    return send_query("sales", "list_quote_answers", {**data, "quote_id": quote_id})


@blp.get("/settings/letterhead")
@blp.summary("Lê o papel timbrado", "Como a empresa se mostra em propostas: logotipo, dados e condições.")
@needs("sales.read")
@blp.response(200, letterhead_contract.Letterhead)
@refuses(blp)
def get_letterhead() -> Any:
    return send_query("sales", "get_letterhead", {})


@blp.patch("/settings/letterhead")
@blp.summary("Altera o papel timbrado", "O que não é enviado permanece.")
@needs("sales.configure")
@blp.arguments(letterhead_contract.ChangeLetterhead)
@blp.response(200, letterhead_contract.Letterhead)
@refuses(blp, 412)
def change_letterhead(data: dict[str, Any]) -> Any:
    return send_command("sales", "change_letterhead", letterhead_contract.ChangeLetterhead, data)
