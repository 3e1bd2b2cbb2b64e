"""Receivables of a person (row S18)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.filters import several
from services.chassis.inputs import Choice, Cursor, Day, Id, Line, Text, Version, Whole
from services.chassis.references import USERS, Reference
from services.chassis.schemas import PAGE_LIMIT, Counted, Result, Strict, counted_page_of
from services.sales.receivables.model import OTHER, OWED, STATUSES, WAYS
from services.sales.shared.amounts import amount, currency
from services.sales.shared.money import ZERO

# The amount of a payment with interest and discount included, as the previous version's gateway sends it.
_paid = amount(load_default=None, allow_none=True)


class PutReceivable(Strict):
    """A receivable of another system, under its id there: put again, it gets the new values."""

    external_id = Id(100, required=True)
    person_id = Id(required=True)
    due_date = Day(required=True, data_key="due_on")
    amount = amount(required=True)
    currency = currency()
    description = Line(200, load_default="")


class SettleReceivable(Strict):
    """A payment of `amount`, the money received; by default what is outstanding plus `interest` less `discount`.

    It settles the amount less `interest` (including fines) plus `discount`. `paid_on` (the company's time zone)
    defaults to today. `version`: refused unless it is the current one.
    """

    receivable_id = Id(required=True)
    interest = amount(load_default=ZERO)
    discount = amount(load_default=ZERO)
    amount = amount(load_default=None, allow_none=True)
    paid_on = Day(load_default=None, allow_none=True)
    way = Choice(WAYS, load_default=OTHER)
    version = Version()
    paid = _paid


class UnsettleReceivable(Strict):
    """Takes the last payment back; sent by the previous version's gateway."""

    receivable_id = Id(required=True)


class ReversePayment(Strict):
    receivable_id = Id(required=True)
    payment_id = Id(required=True)
    reason = Text(500, required=True)


class WithdrawReceivable(Strict):
    """Cancels a receivable that a contract billed wrongly; its period may be billed again by hand."""

    receivable_id = Id(required=True)
    reason = Text(500, required=True)


class Reversal(Result):
    at = fields.DateTime()
    by = Reference(USERS)
    reason = fields.String()


class Payment(Result):
    """`settles`: the part of the debt that it pays. `reversal`: null unless it was taken back."""

    id = fields.String()
    amount = fields.Decimal(as_string=True)
    interest = fields.Decimal(as_string=True)
    discount = fields.Decimal(as_string=True)
    settles = fields.Decimal(as_string=True)
    paid_on = fields.Date()
    way = fields.String(validate=validate.OneOf(WAYS))
    recorded_at = fields.DateTime()
    recorded_by = Reference(USERS)
    reversal = fields.Nested(Reversal, allow_none=True)


class Withdrawal(Result):
    at = fields.DateTime()
    by = Reference(USERS)
    reason = fields.String()


class Receivable(Result):
    """`source`: order, contract or external. `paid`: all money that came in; `outstanding`: what is still to be paid.

    `payments` in the order they were recorded, with those that were taken back.

    Of a contract, `period` is the month that was billed (`2026-03`), and `instalments` null: it has no end.
    `withdrawal`: null unless it was billed wrongly and cancelled by hand.
    """

    id = fields.String()
    person_id = fields.String()
    source = fields.String()
    source_id = fields.String()
    instalment = fields.Integer()
    instalments = fields.Integer(allow_none=True)
    period = fields.String(allow_none=True)
    due_on = fields.Date(attribute="due_date")
    amount = fields.Decimal(as_string=True)
    currency = fields.String()
    description = fields.String()
    state = Choice(STATUSES, attribute="status")
    overdue = fields.Boolean()
    paid = fields.Decimal(as_string=True)
    outstanding = fields.Decimal(as_string=True)
    settled_at = fields.DateTime(allow_none=True)
    payments = fields.List(fields.Nested(Payment))
    withdrawal = fields.Nested(Withdrawal, allow_none=True)
    created_at = fields.DateTime()
    version = fields.Integer()


ReceivablePage = counted_page_of(Receivable, "ReceivablePage")


class ListReceivablesOf(Counted):
    """All receivables of a contract or an order, cancelled ones too."""

    id = Id(required=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class ListReceivables(Counted):
    """A person's receivables in any of the states (by default those with something owed), by due date."""

    person_id = Id(required=True)
    status = several(STATUSES, load_default=lambda: [*OWED], data_key="state")
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()
