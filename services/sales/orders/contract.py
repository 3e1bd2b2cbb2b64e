"""Orders: sales and purchases (rows S13, S14)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validates_schema

from services.chassis.filters import must_be_in_order, several
from services.chassis.inputs import Choice, Cursor, Day, Flag, Id, Text, Whole
from services.chassis.references import PERSONS, USERS, Reference
from services.chassis.schemas import PAGE_LIMIT, Counted, Result, Strict, counted_page_of, page_of
from services.sales.nfe.contract import NfeSummary
from services.sales.orders.model import ORDER_STATUSES
from services.sales.shared.amounts import Basket, Discount, Terms, currency, items

KINDS = ("sale", "purchase")
STATUSES = ("approved", "cancelled")


class PlaceOrder(Strict):
    """An order, approved at once, in the conversation of `attendance_id` or `opportunity_id` where one is given.

    `seller_id`: the person who earns the commission; by default the person linked to the opportunity's responsible
    user, else to the caller. `nfe`: requests its NF-e at once (row S22).
    """

    person_id = Id(required=True)
    kind = Choice(KINDS, load_default="sale")
    items = items()
    discount = fields.Nested(Discount, load_default=None, allow_none=True)
    terms = fields.Nested(Terms, load_default=None, allow_none=True)
    notes = Text(4_000, load_default="")
    currency = currency()
    seller_id = Id(minimum=0, load_default=None, allow_none=True)
    attendance_id = Id(minimum=0, load_default=None, allow_none=True)
    opportunity_id = Id(minimum=0, load_default=None, allow_none=True)
    nfe = Flag(load_default=False)


class CancelOrder(Strict):
    order_id = Id(required=True)
    reason = Text(500, required=True)


class DeleteOrder(Strict):
    order_id = Id(required=True)


class Order(Result):
    """`state`: approved or cancelled."""

    id = fields.String()
    number = fields.Integer()
    kind = Choice(KINDS)
    person_id = fields.String()
    attendance_id = fields.String(allow_none=True)
    opportunity_id = fields.String(allow_none=True)
    quote_id = fields.String(allow_none=True)
    seller = Reference(PERSONS, allow_none=True)
    basket = fields.Nested(Basket)
    terms = fields.Nested(Terms)
    notes = fields.String()
    currency = fields.String()
    state = Choice(ORDER_STATUSES, attribute="status")
    ordered_at = fields.DateTime()
    ordered_by = Reference(USERS, "ordered_by_id", "ordered_by")
    cancelled_at = fields.DateTime(allow_none=True)
    cancel_reason = fields.String()
    nfe = fields.Nested(NfeSummary, allow_none=True)
    version = fields.Integer()


OrderPage = counted_page_of(Order, "OrderPage")


class CompanyOrder(Order):
    """An order in a list of several persons' orders."""

    person = Reference(PERSONS)


CompanyOrderPage = page_of(CompanyOrder, "CompanyOrderPage")


class ListOrders(Counted):
    """The orders of a person or of an attendance: one of the two ids is given."""

    person_id = Id(minimum=0, load_default=None)
    attendance_id = Id(minimum=0, load_default=None)
    kind = Choice(KINDS, load_default="sale")
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class SearchOrders(Strict):
    """The company's orders, the newest first, in any of the states (none given: in all); `from` and `to` are
    inclusive days in the company's time zone."""

    kind = Choice(KINDS, load_default="sale")
    status = several(STATUSES, data_key="state")
    ordered_from = Day(load_default=None, allow_none=True, data_key="from")
    ordered_to = Day(load_default=None, allow_none=True, data_key="to")
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        must_be_in_order(data.get("ordered_from"), data.get("ordered_to"), "to")


class DeletedOrder(Result):
    id = fields.String()
    deleted = fields.Boolean()
