"""Receivables of a person (row S18)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Choice, Cursor, Day, Id, Line, Whole
from services.chassis.schemas import PAGE_LIMIT, Result, Strict, page_of
from services.sales.shared.amounts import amount, currency

STATUSES = ("open", "settled", "cancelled")


class PutReceivable(Strict):
    """From another system, under its own id: put again, it is the same receivable with the new values."""

    external_id = Id(100, required=True)
    person_id = Id(required=True)
    due_date = Day(required=True)
    amount = amount(required=True)
    currency = currency()
    description = Line(200, load_default="")


class SettleReceivable(Strict):
    """`paid` defaults to the amount, `paid_on` (the company's calendar) to today."""

    receivable_id = Id(required=True)
    paid = amount(load_default=None, allow_none=True)
    paid_on = Day(load_default=None, allow_none=True)


class UnsettleReceivable(Strict):
    receivable_id = Id(required=True)


class Receivable(Result):
    """`source`: order, contract or external; `status`: open, settled or cancelled.

    Of a contract, `period` is the month that was billed (`2026-03`), and `instalments` null: it has no end.
    """

    id = fields.String()
    person_id = fields.String()
    source = fields.String()
    source_id = fields.String()
    instalment = fields.Integer()
    instalments = fields.Integer(allow_none=True)
    period = fields.String(allow_none=True)
    due_date = fields.Date()
    amount = fields.Decimal(as_string=True)
    currency = fields.String()
    description = fields.String()
    status = fields.String()
    overdue = fields.Boolean()
    paid = fields.Decimal(as_string=True, allow_none=True)
    paid_on = fields.Date(allow_none=True)
    settled_at = fields.DateTime(allow_none=True)
    settled_by = fields.String(allow_none=True)
    created_at = fields.DateTime()
    version = fields.Integer()


ReceivablePage = page_of(Receivable, "ReceivablePage")


class ListReceivables(Strict):
    """Open or settled ones, by due date."""

    person_id = Id(required=True)
    status = Choice(STATUSES, load_default="open")
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()
