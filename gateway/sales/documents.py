"""Quotes and visit sheets as documents: shown, printed, sent by e-mail (rows S12, S23)."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields, validate

from gateway.documents import answers
from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.requests import send_query
from services.chassis.inputs import Choice, EmailAddress, Id, Whole
from services.chassis.schemas import Strict
from services.sales.documents import contract as documents_contract
from services.sales.templates import contract as templates_contract

blp = JsonBlueprint("quote_documents", __name__, url_prefix="/v1", description="Propostas e fichas de visita enviadas")

OF_QUOTE = "/quotes/<string:quote_id>"
OF_OPPORTUNITY = "/opportunities/<string:opportunity_id>"


class DocumentQuery(Strict):
    """`template_id`: by default the company's default template."""

    format = Choice(answers.FORMATS, load_default="html")
    template_id = Id(load_default=None)


class QuoteDocumentQuery(DocumentQuery):
    """`number`: the version's, by default the current one's."""

    number = Whole(1, load_default=None)


class SendPaper(Strict):
    """`to`: addresses of the person or their contacts, or the user's own; by default the person's main one."""

    template_id = Id(load_default=None, allow_none=True)
    to = fields.List(EmailAddress(), load_default=None, allow_none=True, validate=validate.Length(min=1, max=10))


@blp.get(f"{OF_QUOTE}/document")
@blp.summary(
    "Baixa o documento de uma proposta",
    "Uma versão que não pode ser enviada (substituída, rejeitada, vencida) o diz em cada página.",
)
@needs("sales.read")
@blp.arguments(QuoteDocumentQuery, location="query")
@blp.file("O documento, em HTML ou PDF", "text/html", "application/pdf")
@refuses(blp, 404)
def print_quote(data: dict[str, Any], quote_id: str) -> Response:
    """Row S12. A version that may not be sent (replaced, rejected, expired) says so across each page."""
    ids = {"quote_id": quote_id, "number": data["number"], "template_id": data["template_id"]}
    return answers.document(templates_contract.QUOTE, data["format"], **ids)


@blp.post(f"{OF_QUOTE}/versions/<int:number>/send")
@blp.summary(
    "Envia uma proposta por e-mail",
    "Em HTML com o PDF anexo; só a versão atual, válida e em aprovação, ou aprovada.",
)
@needs("sales.write")
@blp.arguments(SendPaper)
@blp.response(202, documents_contract.Sending)
@refuses(blp, 404, 409)
def send_quote(data: dict[str, Any], quote_id: str, number: int) -> Any:
    """Row S12: HTML with the PDF attached. Only for a current version that is approved, or valid and in approval."""
    ids = {"quote_id": quote_id, "number": number, "template_id": data["template_id"]}
    return answers.send(templates_contract.QUOTE, data["to"], **ids)


@blp.get(f"{OF_QUOTE}/sendings")
@blp.summary("Lista os envios de uma proposta", "Que versão foi para quem, os mais recentes primeiro.")
@needs("sales.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, documents_contract.SendingPage)
@refuses(blp, 404)
def list_sendings_of_quote(data: dict[str, Any], quote_id: str) -> Any:
    """Which version was sent to whom, newest first; the delivery log has the results."""
    return send_query("sales", "list_sendings", {**data, "quote_id": quote_id})


@blp.get(f"{OF_OPPORTUNITY}/visit-sheet")
@blp.summary("Baixa a ficha de visita")
@needs("sales.read")
@blp.arguments(DocumentQuery, location="query")
@blp.file("A ficha, em HTML ou PDF", "text/html", "application/pdf")
@refuses(blp, 404)
def print_visit_sheet(data: dict[str, Any], opportunity_id: str) -> Response:
    """Row S23: in the chosen layout."""
    ids = {"opportunity_id": opportunity_id, "template_id": data["template_id"]}
    return answers.document(templates_contract.VISIT_SHEET, data["format"], **ids)


@blp.post(f"{OF_OPPORTUNITY}/visit-sheet/send")
@blp.summary("Envia a ficha de visita por e-mail")
@needs("sales.write")
@blp.arguments(SendPaper)
@blp.response(202, documents_contract.Sending)
@refuses(blp, 404, 409)
def send_visit_sheet(data: dict[str, Any], opportunity_id: str) -> Any:
    """Row S23: by e-mail, as HTML with the PDF attached."""
    ids = {"opportunity_id": opportunity_id, "template_id": data["template_id"]}
    return answers.send(templates_contract.VISIT_SHEET, data["to"], **ids)


@blp.get(f"{OF_OPPORTUNITY}/sendings")
@blp.summary("Lista os envios de um contato de venda")
@needs("sales.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, documents_contract.SendingPage)
@refuses(blp, 404)
def list_sendings_of_opportunity(data: dict[str, Any], opportunity_id: str) -> Any:
    """Quotes and visit sheets, newest first."""
    return send_query("sales", "list_sendings", {**data, "opportunity_id": opportunity_id})
