"""Fields of baskets and terms: amounts and quantities as decimal text, items, discounts (rows S11, S13)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema
from marshmallow.validate import Range

from services.chassis import inputs
from services.chassis.inputs import Choice, Day, Flag, Id, Line, Whole
from services.chassis.schemas import Result, Strict
from services.sales.shared.items import ITEM_KINDS
from services.sales.shared.money import LARGEST

MOST_ITEMS = 200
PERCENT_PLACES = 4
CURRENCIES = ("BRL", "USD", "EUR")


def amount(places: int = 2, **kwargs: Any) -> fields.Decimal:
    """Zero or more, at most `places` decimals: more are refused, not rounded. Text in JSON, never a float."""
    return inputs.Decimal(places=places, maximum=LARGEST, **kwargs)


def percent(**kwargs: Any) -> fields.Decimal:
    """From 0 to 100, at most PERCENT_PLACES decimals."""
    return inputs.Decimal(places=PERCENT_PLACES, maximum=Decimal(100), **kwargs)


def currency() -> fields.String:
    return Choice(CURRENCIES, load_default="BRL")


class Discount(Strict):
    """`amount` or `percent`, not both."""

    amount = amount(load_default=None, allow_none=True)
    percent = percent(load_default=None, allow_none=True)


class Item(Strict):
    """`recurring`: charged every month, the first month by the order, then by a contract. `surplus`: see row S15.

    `kind`: goods are billed by an NF-e (row S22), a service is done under a service order (row S20).

    `product_id`, or the `code` of a product in the catalogue (row S24), gives the defaults. A free item, which is not
    in the catalogue, must have `code`, `description` and `unit_price`.
    """

    product_id = Id(minimum=0, load_default=None, allow_none=True)
    product = Line(60, minimum=1, load_default=None, allow_none=True, data_key="code")
    description = Line(300, minimum=1, load_default=None, allow_none=True)
    quantity = amount(4, required=True, validate=Range(min=0, min_inclusive=False))
    unit_price = amount(4, load_default=None, allow_none=True)
    discount = fields.Nested(Discount, load_default=None, allow_none=True)
    recurring = Flag(load_default=None, allow_none=True)
    surplus = Flag(load_default=None, allow_none=True)
    kind = Choice(ITEM_KINDS, load_default=None, allow_none=True)

    @validates_schema
    def names_something(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("product_id") and not data.get("product"):
            raise ValidationError("Informe o código ou o produto do catálogo.", "code")


class Terms(Strict):
    """`count` equal instalments, a month apart or `every_days` days; `first_due_on` defaults to the day of approval."""

    count = Whole(1, 120, load_default=1)
    first_due = Day(load_default=None, allow_none=True, data_key="first_due_on")
    every_days = Whole(1, 366, load_default=None, allow_none=True)


def items() -> fields.List[Any]:
    return fields.List(fields.Nested(Item), required=True, validate=validate.Length(min=1, max=MOST_ITEMS))


class NamedProduct(Result):
    """A product of the catalogue; `name`: its description when it was sold."""

    id = fields.String()
    name = fields.String()


class SoldItem(Result):
    """An item as it was sold; `total`: after the line's discount. `product`: null for a free item."""

    product = fields.Nested(NamedProduct, allow_none=True)
    code = fields.String()
    description = fields.String()
    unit = fields.String()
    quantity = fields.Decimal(as_string=True)
    unit_price = fields.Decimal(as_string=True)
    discount = fields.Nested(Discount)
    recurring = fields.Boolean()
    surplus = fields.Boolean()
    kind = Choice(ITEM_KINDS)
    total = fields.Decimal(as_string=True)


class Basket(Result):
    """`total` is `subtotal` less the discount on the whole."""

    items = fields.List(fields.Nested(SoldItem))
    discount = fields.Nested(Discount)
    subtotal = fields.Decimal(as_string=True)
    total = fields.Decimal(as_string=True)
