"""The data that a document is made from, sending it, and the sendings (rows S12, S23)."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.chassis.access import sections
from services.chassis.inputs import Choice, Cursor, EmailAddress, Id, Line, Text, Verbatim, Whole
from services.chassis.references import PERSONS, USERS, Reference
from services.chassis.schemas import PAGE_LIMIT, Result, Strict, page_of
from services.sales.actions.contract import Action
from services.sales.letterhead.contract import Letterhead
from services.sales.opportunities.contract import Opportunity, identifier
from services.sales.quotes.contract import QuoteVersion
from services.sales.templates.contract import Template, kind
from services.sales.templates.model import QUOTE, TEMPLATE_KINDS, VISIT_SHEET

HTML_LENGTH = 1_000_000
# as base64; the gateway makes no larger PDF
PDF_LENGTH = 1_400_000
MOST_RECIPIENTS = 10


class GetDocumentSource(Strict):
    """Of a quote (its current version unless `number` says which), or of an opportunity: one of the two ids."""

    quote_id = identifier(load_default=None, allow_none=True)
    number = Whole(1, load_default=None, allow_none=True)
    opportunity_id = identifier(load_default=None, allow_none=True)
    template_id = identifier(load_default=None, allow_none=True)
    kind = kind(required=True)

    @validates_schema
    def one_of_the_two(self, data: dict[str, Any], **_: Any) -> None:
        _must_name(data)


class Due(Result):
    due_on = fields.Date(attribute="due_date")
    amount = fields.Decimal(as_string=True)


class QuoteSource(Result):
    """`refused`: the error code of sending this version; null where it may be sent."""

    id = fields.String()
    number = fields.Integer()
    version = fields.Nested(QuoteVersion)
    instalments = fields.List(fields.Nested(Due))
    refused = fields.String(allow_none=True)


class DocumentSource(Result):
    """What sales contributes to a document; people has the contact data. `time_zone` and `today`: the company's."""

    template = fields.Nested(Template)
    person = Reference(PERSONS, named="person_name")
    quote = fields.Nested(QuoteSource, allow_none=True)
    opportunity = fields.Nested(Opportunity, allow_none=True, metadata=sections.of("opportunities"))
    actions = fields.List(fields.Nested(Action), metadata=sections.of("opportunities"))
    letterhead = fields.Nested(Letterhead)
    today = fields.Date()
    time_zone = fields.String()


class RenderedPaper(Strict):
    """As the gateway made it (docs/adr/0016). `pdf`: base64."""

    subject = Line(400, required=True)
    html = Verbatim(HTML_LENGTH, required=True)
    pdf = Verbatim(PDF_LENGTH, required=True)
    file_name = Line(100, required=True)
    template_id = Id(required=True)
    template_name = Line(100, required=True)
    text = Text(2_000, required=True)


class SendDocument(Strict):
    """`paper` follows from the rest, and is null where the gateway saw that sending will be refused."""

    kind = kind(required=True)
    quote_id = identifier(load_default=None, allow_none=True)
    number = Whole(1, load_default=None, allow_none=True)
    opportunity_id = identifier(load_default=None, allow_none=True)
    template_id = identifier(load_default=None, allow_none=True)
    recipients = fields.List(
        EmailAddress(), required=True, validate=validate.Length(min=1, max=MOST_RECIPIENTS)
    )  # fmt: skip
    paper = fields.Nested(RenderedPaper, load_default=None, allow_none=True)

    @validates_schema
    def one_of_the_two(self, data: dict[str, Any], **_: Any) -> None:
        _must_name(data)
        if data["kind"] == QUOTE and data["number"] is None:
            raise ValidationError("Informe a versão da proposta.", "number")


class Sending(Result):
    """`number`: the quote's version that was sent; null of a visit sheet. How it went is in the delivery log (N7)."""

    id = fields.String()
    kind = Choice(TEMPLATE_KINDS)
    person_id = fields.String()
    attendance_id = fields.String()
    opportunity_id = fields.String(allow_none=True)
    quote_id = fields.String(allow_none=True)
    number = fields.Integer(allow_none=True)
    template = Reference("templates", named="template_name")
    subject = fields.String()
    recipients = fields.List(fields.String())
    sent_by = Reference(USERS, "sent_by", "author_name")
    sent_at = fields.DateTime()


SendingPage = page_of(Sending, "SendingPage")


class ListSendings(Strict):
    """Of a quote, or of an opportunity: one of the two ids; newest first."""

    quote_id = identifier(load_default=None, allow_none=True)
    opportunity_id = identifier(load_default=None, allow_none=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


def _must_name(data: dict[str, Any]) -> None:
    owner = {QUOTE: "quote_id", VISIT_SHEET: "opportunity_id"}[data["kind"]]
    other = {"quote_id", "opportunity_id"} - {owner}
    if data[owner] is None or any(data[name] is not None for name in other):
        raise ValidationError("Informe a proposta ou o contato de venda, conforme o tipo.", owner)
