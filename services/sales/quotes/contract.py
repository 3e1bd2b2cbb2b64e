"""Quotes and their versions (row S11)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validates_schema

from services.chassis.filters import must_be_in_order, several
from services.chassis.inputs import Choice, Cursor, Day, Flag, Id, Text, Whole
from services.chassis.references import PERSONS, USERS, Reference
from services.chassis.schemas import PAGE_LIMIT, Counted, Result, Strict, counted_page_of, page_of
from services.sales.quotes.model import QUOTE_STATUSES
from services.sales.shared.amounts import Basket, Discount, Terms, currency, items

# Of a quote: its current version's; those before it are void.
STATUSES = ("in_approval", "approved", "rejected")


class Offer(Strict):
    """What a version offers; any difference from the current one is a commercial change. `nfe`: the order that comes of
    it asks for its NF-e (row S22)."""

    items = items()
    discount = fields.Nested(Discount, load_default=None, allow_none=True)
    terms = fields.Nested(Terms, load_default=None, allow_none=True)
    valid_until = Day(load_default=None, allow_none=True)
    notes = Text(4_000, load_default="")
    currency = currency()
    nfe = Flag(load_default=False)


class MakeQuote(Offer):
    """In an attendance, or in an opportunity's conversation: one of the two ids."""

    attendance_id = Id(minimum=0, load_default=None, allow_none=True)
    opportunity_id = Id(minimum=0, load_default=None, allow_none=True)


class ReviseQuote(Offer):
    quote_id = Id(required=True)


class ApproveQuote(Strict):
    quote_id = Id(required=True)
    number = Whole(1, required=True)


class RejectQuote(ApproveQuote):
    reason = Text(500, required=True)


class QuoteVersion(Result):
    """`state`: in_approval, approved, rejected or void."""

    number = fields.Integer()
    basket = fields.Nested(Basket)
    terms = fields.Nested(Terms)
    valid_until = fields.Date(allow_none=True)
    notes = fields.String()
    currency = fields.String()
    nfe = fields.Boolean()
    state = Choice(QUOTE_STATUSES, attribute="status")
    made_by = Reference(USERS, "author_id", "author_name")
    made_at = fields.DateTime()
    decided_at = fields.DateTime(allow_none=True)
    decided_by = Reference(USERS, "decided_by_id", "decided_by", allow_none=True)
    reason = fields.String()


class Sent(Result):
    """The last time that the quote was sent: which version, to whom, by whom (row S12)."""

    number = fields.Integer()
    recipients = fields.List(fields.String())
    by = Reference(USERS, "by_id", "by")
    at = fields.DateTime()


class Quote(Result):
    """`state` is the current version's, which is the last one; `order_id` once it was approved."""

    id = fields.String()
    number = fields.Integer()
    person_id = fields.String()
    attendance_id = fields.String()
    opportunity_id = fields.String(allow_none=True)
    state = Choice(QUOTE_STATUSES, attribute="status")
    versions = fields.List(fields.Nested(QuoteVersion))
    order_id = fields.String(allow_none=True)
    last_sent = fields.Nested(Sent, allow_none=True)
    created_at = fields.DateTime()
    version = fields.Integer()


QuotePage = counted_page_of(Quote, "QuotePage")


class CompanyQuote(Quote):
    """In a list of many persons' quotes, with whose it is."""

    person = Reference(PERSONS)


CompanyQuotePage = page_of(CompanyQuote, "CompanyQuotePage")


class SearchQuotes(Strict):
    """All of the company, the newest first: of any of the states named together; `from` and `to` are
    inclusive days of the company's calendar."""

    status = several(STATUSES, data_key="state")
    created_from = Day(load_default=None, allow_none=True, data_key="from")
    created_to = Day(load_default=None, allow_none=True, data_key="to")
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        must_be_in_order(data.get("created_from"), data.get("created_to"), "to")


class ListQuotes(Counted):
    """Of a person or of an attendance: one of the two ids."""

    person_id = Id(minimum=0, load_default=None)
    attendance_id = Id(minimum=0, load_default=None)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()
