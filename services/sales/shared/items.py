"""Baskets: items with their discounts, and their totals (rows S11, S13).

No framework, store or clock may enter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.chassis.errors import Invalid
from services.sales.shared.money import ZERO, bounded, cents, shared

HUNDRED = Decimal(100)
GOODS, SERVICE = "goods", "service"
ITEM_KINDS = (GOODS, SERVICE)
# Whether a product is surplus: as closing/surplus.py decides by the first sale, always, or never.
BY_SALE, ALWAYS, NEVER = SURPLUS_RULES = ("by_sale", "always", "never")


@dataclass(frozen=True)
class Discount:
    """The discount on a line or on the whole: an amount, or a percentage."""

    amount: Decimal = ZERO
    percent: Decimal = Decimal(0)

    @classmethod
    def of(cls, data: Mapping[str, Any] | None) -> Discount:
        """Raises Invalid("discount_invalid") for both kinds at once."""
        kinds = {k: v for k, v in (data or {}).items() if v}
        if len(kinds) > 1:
            raise _invalid("Informe o desconto em valor ou em percentual, e não os dois.")
        return cls(**kinds)

    def on(self, gross: Decimal) -> Decimal:
        """The amount in whole cents; raises Invalid("discount_invalid") if it exceeds `gross`."""
        amount = self.amount or cents(gross * self.percent / HUNDRED)
        if amount > gross:
            raise _invalid("O desconto é maior que o valor.")
        return amount


@dataclass(frozen=True)
class Item:
    """A line. `recurring` is charged every month by a contract; `surplus` was sold beyond what the sale began with.

    `kind`: goods are billed by an NF-e (row S22), a service is done under a service order (row S20).
    `product` is the code. An item of the catalogue (row S24) has its id and copies of fields, left out of comparison:
    a change of the catalogue does not make an offer another one.
    """

    product: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    discount: Discount = Discount()
    recurring: bool = False
    surplus: bool = False
    kind: str = GOODS
    product_id: str | None = field(default=None, compare=False)
    product_name: str = field(default="", compare=False)
    unit: str = field(default="", compare=False)
    surplus_rule: str = field(default=BY_SALE, compare=False)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Item:
        """Raises Invalid("discount_invalid" or "amount_too_large")."""
        item = cls(**{**data, "discount": Discount.of(data.get("discount"))})
        bounded(item.quantity * item.unit_price, "items")
        item.discount.on(item.gross)
        return item

    @property
    def gross(self) -> Decimal:
        return cents(self.quantity * self.unit_price)

    @property
    def total(self) -> Decimal:
        return self.gross - self.discount.on(self.gross)


@dataclass(frozen=True)
class Basket:
    """Items with a discount on the whole."""

    items: tuple[Item, ...]
    discount: Discount = Discount()

    @classmethod
    def of(cls, items: Iterable[Mapping[str, Any]], discount: Mapping[str, Any] | None) -> Basket:
        """Raises Invalid("discount_invalid" or "amount_too_large")."""
        basket = cls(tuple(Item.of(item) for item in items), Discount.of(discount))
        basket.discount.on(bounded(basket.subtotal, "items"))
        return basket

    @property
    def subtotal(self) -> Decimal:
        return sum((item.total for item in self.items), ZERO)

    @property
    def total(self) -> Decimal:
        return self.subtotal - self.discount.on(self.subtotal)

    @property
    def net(self) -> list[Decimal]:
        """Each item's part of `total`: the discount on the whole is shared by value; the parts add up to it."""
        return shared(self.total, [item.total for item in self.items])

    def part(self, kept: Sequence[bool]) -> tuple[tuple[Item, ...], Decimal]:
        """The items whose flag in `kept` is true, and their part of `total`."""
        chosen = tuple(item for item, keep in zip(self.items, kept, strict=True) if keep)
        return chosen, sum((net for net, keep in zip(self.net, kept, strict=True) if keep), ZERO)


def _invalid(detail: str) -> Invalid:
    return Invalid("discount_invalid", detail, fields={"discount": [detail]})
