"""The customer's page of a quote: its links, and what customers answer (row S25)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Choice, Code, Cursor, Flag, Id, Line, Text, Whole
from services.chassis.references import Who
from services.chassis.schemas import PAGE_LIMIT, Result, Strict, page_of
from services.sales.letterhead.contract import Letterhead
from services.sales.quote_links.model import ANSWER_KINDS, LINK_STATES, MOST_DAYS, PAGE_STATES, USUAL_DAYS
from services.sales.quote_links.model import KIND as KIND
from services.sales.quotes.contract import QuoteVersion

NAME_LENGTH, COMMENT_LENGTH = 100, 2_000


class MakeQuoteLink(Strict):
    """A link that is valid for `days`. `revoke_others`: revokes the quote's other links."""

    quote_id = Id(required=True)
    days = Whole(1, MOST_DAYS, load_default=USUAL_DAYS)
    revoke_others = Flag(load_default=False)


class RevokeQuoteLink(Strict):
    link_id = Id(required=True)


class QuoteLink(Result):
    """`state`: live, expired or revoked."""

    id = fields.String()
    quote_id = fields.String()
    state = Choice(LINK_STATES)
    created_at = fields.DateTime()
    created_by = fields.Nested(Who)
    expires_at = fields.DateTime()
    revoked_at = fields.DateTime(allow_none=True)
    revoked_by = fields.Nested(Who, allow_none=True)
    version = fields.Integer()


class NewQuoteLink(QuoteLink):
    """Only this answer contains `token`, the secret part of the page's address."""

    token = fields.String()


class ListOfQuote(Strict):
    quote_id = Id(required=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class QuoteAnswer(Result):
    """A customer's answer on the page, with the evidence.

    `name`: as the customer typed it. `address`: the IP address. `number` and `document_hash`: of the version shown.
    """

    id = fields.String()
    quote_id = fields.String()
    link_id = fields.String()
    kind = Choice(ANSWER_KINDS)
    number = fields.Integer()
    name = fields.String()
    comment = fields.String()
    document_hash = fields.String()
    at = fields.DateTime()
    address = fields.String()
    user_agent = fields.String()


QuoteLinkPage = page_of(QuoteLink, "QuoteLinkPage")
QuoteAnswerPage = page_of(QuoteAnswer, "QuoteAnswerPage")


class OpenQuoteLink(Strict):
    """`digest`: of the token's secret, which the gateway does not pass on."""

    link_id = Id(required=True)
    digest = Code(r"[0-9a-f]{64}", required=True)


class AnswerQuote(OpenQuoteLink):
    """`number`: of the version that the customer saw."""

    kind = Choice(ANSWER_KINDS, required=True)
    number = Whole(1, required=True)
    name = Line(NAME_LENGTH, required=True)
    comment = Text(COMMENT_LENGTH, load_default="")
    address = Line(100, load_default="")
    user_agent = Line(400, load_default="")


class PageInstalment(Result):
    due_on = fields.Date(attribute="due_date")
    amount = fields.Decimal(as_string=True)


class SharedQuote(Result):
    """The content of the page; `state`: of the current version. `questions`: of this link, newest first."""

    quote_id = fields.String()
    quote_number = fields.Integer()
    person_name = fields.String()
    state = Choice(PAGE_STATES)
    shown = fields.Nested(QuoteVersion)
    instalments = fields.List(fields.Nested(PageInstalment))
    document_hash = fields.String()
    questions = fields.List(fields.String())
    letterhead = fields.Nested(Letterhead)
    time_zone = fields.String()
