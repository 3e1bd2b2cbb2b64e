"""Receivables of a person (row S18)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import PAGE_LIMIT, Result, Strict, page_of, text
from services.sales.contract.amounts import amount, currency

STATUSES = ("open", "settled", "cancelled")


class PutReceivable(Strict):
    """From another system, under its own id: put again, it is the same receivable with the new values."""

    external_id = text(100)
    person_id = text(64)
    due_date = fields.Date(required=True)
    amount = amount(required=True)
    currency = currency()
    description = text(200, required=False, load_default="")


class SettleReceivable(Strict):
    """`paid` defaults to the amount, `paid_on` (the company's calendar) to today."""

    receivable_id = text(64)
    paid = amount(load_default=None, allow_none=True)
    paid_on = fields.Date(load_default=None, allow_none=True)


class UnsettleReceivable(Strict):
    receivable_id = text(64)


class Receivable(Result):
    """`source`: order, contract or external; `status`: open, settled or cancelled."""

    id = fields.String()
    person_id = fields.String()
    source = fields.String()
    source_id = fields.String()
    instalment = fields.Integer()
    instalments = fields.Integer()
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

    person_id = text(64)
    status = fields.String(load_default="open", validate=validate.OneOf(STATUSES))
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=PAGE_LIMIT))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=400))
