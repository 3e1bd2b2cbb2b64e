"""Fields of what is sold: amounts and quantities as decimal text, items, discounts, terms (rows S11, S13)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.chassis.schemas import Result, Strict, text
from services.sales.domain.items import GOODS, ITEM_KINDS

MOST_ITEMS = 200
CURRENCIES = ("BRL", "USD", "EUR")
LARGEST = Decimal("999999999999.99")


def amount(places: int = 2, **kwargs: Any) -> fields.Decimal:
    """Zero or more, at most `places` decimals: more are refused, not rounded. Text in JSON, never a float."""

    def check(value: Decimal) -> None:
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            raise ValidationError(f"No máximo {places} casas decimais.")

    return fields.Decimal(as_string=True, validate=[validate.Range(min=0, max=LARGEST), check], **kwargs)


def currency() -> fields.String:
    return fields.String(load_default="BRL", validate=validate.OneOf(CURRENCIES))


class Discount(Strict):
    """`amount` or `percent`, not both."""

    amount = amount(load_default=None, allow_none=True)
    percent = fields.Decimal(
        load_default=None, allow_none=True, as_string=True, validate=validate.Range(min=0, max=100)
    )


class Item(Strict):
    """`recurring`: charged every month by a contract, the first month by the order. `surplus`: see row S15.

    `kind`: goods are billed by an NF-e (row S22), a service is done under a service order (row S20).
    """

    product = text(60)
    description = text(300)
    quantity = amount(4, required=True)
    unit_price = amount(4, required=True)
    discount = fields.Nested(Discount, load_default=None, allow_none=True)
    recurring = fields.Boolean(load_default=False)
    surplus = fields.Boolean(load_default=False)
    kind = fields.String(load_default=GOODS, validate=validate.OneOf(ITEM_KINDS))


class Terms(Strict):
    """`count` equal instalments; `first_due` defaults to the day of approval; a month apart, or `every_days` days."""

    count = fields.Integer(load_default=1, validate=validate.Range(min=1, max=120))
    first_due = fields.Date(load_default=None, allow_none=True)
    every_days = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1, max=366))


def items() -> fields.List[Any]:
    return fields.List(fields.Nested(Item), required=True, validate=validate.Length(min=1, max=MOST_ITEMS))


class SoldItem(Result):
    """An item as it was sold; `total` is after the line's discount."""

    product = fields.String()
    description = fields.String()
    quantity = fields.Decimal(as_string=True)
    unit_price = fields.Decimal(as_string=True)
    discount = fields.Nested(Discount)
    recurring = fields.Boolean()
    surplus = fields.Boolean()
    kind = fields.String()
    total = fields.Decimal(as_string=True)


class Basket(Result):
    """`total` is `subtotal` less the discount on the whole."""

    items = fields.List(fields.Nested(SoldItem))
    discount = fields.Nested(Discount)
    subtotal = fields.Decimal(as_string=True)
    total = fields.Decimal(as_string=True)
