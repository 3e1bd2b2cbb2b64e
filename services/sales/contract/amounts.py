"""Fields of what is sold: amounts and quantities as decimal text, items, discounts, terms (rows S11, S13)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate
from marshmallow.validate import Range

from services.chassis.schemas import Result, Strict, text
from services.sales.domain.items import GOODS, ITEM_KINDS
from services.sales.domain.money import LARGEST

MOST_ITEMS = 200
PERCENT_PLACES = 4
CURRENCIES = ("BRL", "USD", "EUR")


def amount(places: int = 2, **kwargs: Any) -> fields.Decimal:
    """Zero or more, at most `places` decimals: more are refused, not rounded. Text in JSON, never a float."""
    return _Plain(places, LARGEST, **kwargs)


def percent(**kwargs: Any) -> fields.Decimal:
    """From 0 to 100, with at most PERCENT_PLACES decimals."""
    return _Plain(PERCENT_PLACES, Decimal(100), **kwargs)


class _Plain(fields.Decimal):
    """From 0 to `maximum`, without an exponent: 1E+3 is 1000, and what a database's decimal cannot hold is refused."""

    def __init__(self, most_places: int, maximum: Decimal, validate: Any = (), **kwargs: Any) -> None:
        self._most_places = most_places
        given = validate if isinstance(validate, list | tuple) else [validate]
        super().__init__(as_string=True, validate=[Range(min=0, max=maximum), self._check, *given], **kwargs)

    def _check(self, value: Decimal) -> None:
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self._most_places:
            raise ValidationError(f"No máximo {self._most_places} casas decimais.")

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """After the bounds were checked, so there are few digits."""
        found = super().deserialize(value, attr, data, **kwargs)
        return abs(Decimal(f"{found:f}")) if isinstance(found, Decimal) else found


def currency() -> fields.String:
    return fields.String(load_default="BRL", validate=validate.OneOf(CURRENCIES))


class Discount(Strict):
    """`amount` or `percent`, not both."""

    amount = amount(load_default=None, allow_none=True)
    percent = percent(load_default=None, allow_none=True)


class Item(Strict):
    """`recurring`: charged every month by a contract, the first month by the order. `surplus`: see row S15.

    `kind`: goods are billed by an NF-e (row S22), a service is done under a service order (row S20).
    """

    product = text(60)
    description = text(300)
    quantity = amount(4, required=True, validate=Range(min=0, min_inclusive=False))
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
