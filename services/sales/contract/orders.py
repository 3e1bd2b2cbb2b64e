"""Orders: sales and purchases (rows S13, S14)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import PAGE_LIMIT, Result, Strict, page_of, text
from services.sales.contract.amounts import Basket, Discount, Terms, currency, items
from services.sales.contract.nfe import NfeSummary

KINDS = ("sale", "purchase")


class PlaceOrder(Strict):
    """Approved at once; `attendance_id` or `opportunity_id` put it into a conversation.

    `seller_id`: the person who earns the commission; unless given, the own person of the opportunity's responsible
    user, else of who places it. `nfe`: asks for its NF-e at once (row S22).
    """

    person_id = text(64)
    kind = fields.String(load_default="sale", validate=validate.OneOf(KINDS))
    items = items()
    discount = fields.Nested(Discount, load_default=None, allow_none=True)
    terms = fields.Nested(Terms, load_default=None, allow_none=True)
    notes = text(4_000, required=False, load_default="")
    currency = currency()
    seller_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=64))
    attendance_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=64))
    opportunity_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=64))
    nfe = fields.Boolean(load_default=False)


class CancelOrder(Strict):
    order_id = text(64)
    reason = text(500)


class DeleteOrder(Strict):
    order_id = text(64)


class Order(Result):
    """`status`: approved or cancelled."""

    id = fields.String()
    number = fields.Integer()
    kind = fields.String()
    person_id = fields.String()
    attendance_id = fields.String(allow_none=True)
    opportunity_id = fields.String(allow_none=True)
    quote_id = fields.String(allow_none=True)
    seller_id = fields.String(allow_none=True)
    basket = fields.Nested(Basket)
    terms = fields.Nested(Terms)
    notes = fields.String()
    currency = fields.String()
    status = fields.String()
    ordered_at = fields.DateTime()
    ordered_by = fields.String()
    cancelled_at = fields.DateTime(allow_none=True)
    cancel_reason = fields.String()
    nfe = fields.Nested(NfeSummary, allow_none=True)
    version = fields.Integer()


OrderPage = page_of(Order, "OrderPage")


class ListOrders(Strict):
    """Of a person or of an attendance: one of the two ids."""

    person_id = fields.String(load_default=None, validate=validate.Length(max=64))
    attendance_id = fields.String(load_default=None, validate=validate.Length(max=64))
    kind = fields.String(load_default="sale", validate=validate.OneOf(KINDS))
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=PAGE_LIMIT))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=400))


class DeletedOrder(Result):
    id = fields.String()
    deleted = fields.Boolean()
