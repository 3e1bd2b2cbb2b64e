"""Contracts of a person (row S17)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Choice, Cursor, Day, Id, Text, Whole
from services.chassis.schemas import PAGE_LIMIT, Result, Strict, page_of
from services.sales.contracts.model import BILLINGS as BILLINGS
from services.sales.contracts.model import CONTRACT_KINDS as CONTRACT_KINDS
from services.sales.contracts.model import CONTRACT_STATUSES as CONTRACT_STATUSES
from services.sales.shared.amounts import Basket, Discount, currency, items


class PutContract(Strict):
    """From another system, under its own id: put again, it is the same contract with the new values."""

    external_id = Id(100, required=True)
    person_id = Id(required=True)
    kind = Choice(CONTRACT_KINDS, load_default="fixed")
    billing = Choice(BILLINGS, load_default="billed")
    starts_on = Day(required=True)
    items = items()
    discount = fields.Nested(Discount, load_default=None, allow_none=True)
    currency = currency()


class ChangeContractStatus(Strict):
    contract_id = Id(required=True)
    reason = Text(500, required=True)


class ResumeContract(Strict):
    contract_id = Id(required=True)


class Contract(Result):
    """`monthly` is what a month costs; `surplus` was sold beyond what the sale began with (row S15)."""

    id = fields.String()
    number = fields.Integer()
    person_id = fields.String()
    source = fields.String()
    source_id = fields.String()
    kind = fields.String()
    billing = fields.String()
    billing_kind = fields.String()
    surplus = fields.Boolean()
    basket = fields.Nested(Basket)
    monthly = fields.Decimal(as_string=True)
    currency = fields.String()
    starts_on = fields.Date()
    status = fields.String()
    status_reason = fields.String()
    status_since = fields.DateTime(allow_none=True)
    created_at = fields.DateTime()
    version = fields.Integer()


ContractPage = page_of(Contract, "ContractPage")


class ListContracts(Strict):
    """Those that are all of what is named: `kind`, `billing`, `status`."""

    person_id = Id(required=True)
    kind = Choice(CONTRACT_KINDS, load_default=None, allow_none=True)
    billing = Choice(BILLINGS, load_default=None, allow_none=True)
    status = Choice(CONTRACT_STATUSES, load_default=None, allow_none=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()
