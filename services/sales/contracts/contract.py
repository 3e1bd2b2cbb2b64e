"""Contracts of a person (row S17)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.filters import several
from services.chassis.inputs import Choice, Code, Cursor, Day, Id, Text, Whole
from services.chassis.references import PERSONS, Reference
from services.chassis.schemas import PAGE_LIMIT, Counted, Result, Strict, counted_page_of, page_of
from services.sales.contracts.model import BILLINGS as BILLINGS
from services.sales.contracts.model import CONTRACT_KINDS as CONTRACT_KINDS
from services.sales.contracts.model import CONTRACT_STATUSES as CONTRACT_STATUSES
from services.sales.shared.amounts import Basket, Discount, amount, currency, items


class PutContract(Strict):
    """A contract of another system, under its id there: put again, it gets the new values from the next period on.

    `due_day`: of each month, by default that of `starts_on`. `bills_from`, used when it is first put: periods due
    before were billed elsewhere; today by default.
    """

    external_id = Id(100, required=True)
    person_id = Id(required=True)
    kind = Choice(CONTRACT_KINDS, load_default="fixed")
    billing = Choice(BILLINGS, load_default="billed")
    starts_on = Day(required=True)
    due_day = Whole(1, 31, load_default=None, allow_none=True)
    bills_from = Day(load_default=None, allow_none=True)
    items = items()
    discount = fields.Nested(Discount, load_default=None, allow_none=True)
    currency = currency()


class ChangeContractStatus(Strict):
    contract_id = Id(required=True)
    reason = Text(500, required=True)


class ResumeContract(Strict):
    contract_id = Id(required=True)


class BillPeriod(Strict):
    """Bills by hand a period whose receivable was withdrawn; amount and due day default to those withdrawn."""

    contract_id = Id(required=True)
    period = Code(r"[0-9]{4}-(0[1-9]|1[0-2])", "Informe o mês como 2026-03.", required=True)
    amount = amount(load_default=None, allow_none=True)
    due_on = Day(load_default=None, allow_none=True)


class Contract(Result):
    """`monthly` is what a month costs; `surplus` was sold beyond what the sale began with (row S15).

    `bills_from`: periods due before are not billed here; `next_due_on`: when the next one is, null where none is.
    """

    id = fields.String()
    number = fields.Integer()
    person_id = fields.String()
    source = fields.String()
    source_id = fields.String()
    kind = Choice(CONTRACT_KINDS)
    billing = Choice(BILLINGS)
    billing_kind = fields.String()
    surplus = fields.Boolean()
    basket = fields.Nested(Basket)
    monthly = fields.Decimal(as_string=True)
    currency = fields.String()
    starts_on = fields.Date()
    due_day = fields.Integer()
    bills_from = fields.Date()
    next_due_on = fields.Date(allow_none=True, attribute="next_due")
    state = Choice(CONTRACT_STATUSES, attribute="status")
    state_reason = fields.String(attribute="status_reason")
    state_since = fields.DateTime(allow_none=True, attribute="status_since")
    created_at = fields.DateTime()
    version = fields.Integer()


ContractPage = counted_page_of(Contract, "ContractPage")


class ListContracts(Counted):
    """A person's contracts by `kind`, `billing` and `state`, each any of the given values; without values, all."""

    person_id = Id(required=True)
    kind = several(CONTRACT_KINDS)
    billing = several(BILLINGS)
    status = several(CONTRACT_STATUSES, data_key="state")
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class PreviewBilling(Strict):
    """What would be billed by the end of the day `on` (the company's calendar; today unless given)."""

    on = Day(load_default=None, allow_none=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class PreviewedCharge(Result):
    """`reason` says why (pt-BR): the period, its due day, and since when its price is agreed (`priced_on`).

    `late`: due before today, and not billed yet.
    """

    period = fields.String()
    due_on = fields.Date(attribute="due_date")
    amount = fields.Decimal(as_string=True)
    currency = fields.String()
    priced_on = fields.Date()
    late = fields.Boolean()
    reason = fields.String()


class PreviewedContract(Result):
    contract_id = fields.String()
    contract_number = fields.Integer()
    person = Reference(PERSONS, named="person_name")
    charges = fields.List(fields.Nested(PreviewedCharge))


class BillingTotal(Result):
    currency = fields.String()
    contracts = fields.Integer()
    charges = fields.Integer()
    amount = fields.Decimal(as_string=True)


class BillingPreview(page_of(PreviewedContract, "BillingPreviewPage")):  # type: ignore[misc]
    """The contracts that would be billed, the earliest due first. `totals` are of all of them, and come with the first
    page; `totals_complete` is false where there are more contracts than are added up."""

    on = fields.Date()
    totals = fields.List(fields.Nested(BillingTotal), allow_none=True)
    totals_complete = fields.Boolean(allow_none=True)
