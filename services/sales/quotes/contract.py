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

# The states of a quote, which are those of its current version.
STATUSES = ("in_approval", "approved", "rejected")


class Offer(Strict):
    """The content of a version; any difference makes a new version. `nfe`: request the NF-e on approval (row S22)."""

    items = items()
    discount = fields.Nested(Discount, load_default=None, allow_none=True)
    terms = fields.Nested(Terms, load_default=None, allow_none=True)
    valid_until = Day(load_default=None, allow_none=True)
    notes = Text(4_000, load_default="")
    currency = currency()
    nfe = Flag(load_default=False)


class MakeQuote(Offer):
    """A quote in an attendance or in an opportunity's conversation: one of the two ids is given."""

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
    """The last sending of the quote (row S12); `number`: of the version sent."""

    number = fields.Integer()
    recipients = fields.List(fields.String())
    by = Reference(USERS, "by_id", "by")
    at = fields.DateTime()


class Quote(Result):
    """`state`: of the current version, which is the last one. `order_id`: once it was approved."""

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
    """A quote in a list of several persons' quotes."""

    person = Reference(PERSONS)


CompanyQuotePage = page_of(CompanyQuote, "CompanyQuotePage")


class SearchQuotes(Strict):
    """The company's quotes, the newest first, in any of the states (none given: in all); `from` and `to` are
    inclusive days in the company's time zone."""

    status = several(STATUSES, data_key="state")
    created_from = Day(load_default=None, allow_none=True, data_key="from")
    created_to = Day(load_default=None, allow_none=True, data_key="to")
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        must_be_in_order(data.get("created_from"), data.get("created_to"), "to")


class ListQuotes(Counted):
    """The quotes of a person or of an attendance: one of the two ids is given."""

    person_id = Id(minimum=0, load_default=None)
    attendance_id = Id(minimum=0, load_default=None)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()
