"""Contracts of a person (row S17)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import PAGE_LIMIT, Result, Strict, page_of, text
from services.sales.contract.amounts import Basket, Discount, currency, items
from services.sales.domain.contract import BILLINGS, CONTRACT_KINDS, CONTRACT_STATUSES


class PutContract(Strict):
    """From another system, under its own id: put again, it is the same contract with the new values."""

    external_id = text(100)
    person_id = text(64)
    kind = fields.String(load_default="fixed", validate=validate.OneOf(CONTRACT_KINDS))
    billing = fields.String(load_default="billed", validate=validate.OneOf(BILLINGS))
    starts_on = fields.Date(required=True)
    items = items()
    discount = fields.Nested(Discount, load_default=None, allow_none=True)
    currency = currency()


class ChangeContractStatus(Strict):
    contract_id = text(64)
    reason = text(500)


class ResumeContract(Strict):
    contract_id = text(64)


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

    person_id = text(64)
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(CONTRACT_KINDS))
    billing = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(BILLINGS))
    status = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(CONTRACT_STATUSES))
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=PAGE_LIMIT))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=400))
