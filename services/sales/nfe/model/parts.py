"""The recipient, from people's events, and the lines: an order's goods, which add up to their part of its total.

No framework, store or clock may enter.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.chassis.errors import Conflict
from services.sales.fiscal.model import Place
from services.sales.orders.model import CANCELLED, SALE, Order
from services.sales.quotes.model import Offer
from services.sales.shared.items import GOODS, Basket, Item
from services.sales.shared.money import ZERO

CONTRIBUTOR, NON_CONTRIBUTOR = "1", "9"
EXEMPT = "isento"
CNPJ_LENGTH = 14


@dataclass(frozen=True)
class Recipient:
    """`document` is a CPF or CNPJ without punctuation; `state_registration` is digits, "isento" or nothing."""

    person_id: str
    name: str = ""
    document: str = ""
    state_registration: str = ""
    address: Place | None = None
    phone: str = ""

    @classmethod
    def of(cls, replica: dict[str, Any], person_id: str) -> Recipient:
        """From the replica of a person; one of an earlier version has only a name."""
        texts = {name: replica.get(name) or "" for name in ("name", "document", "state_registration", "phone")}
        return cls(person_id, address=Place.of(replica.get("address")), **texts)

    @property
    def is_company(self) -> bool:
        return len(self.document) == CNPJ_LENGTH

    @property
    def indicator(self) -> str | None:
        """indIEDest: 1 (contributor) with a registration, else 9; None for a company without a registration or
        "isento".

        "Isento" is 9 and not 2: most states refuse 2 (code 805), and 9 is right for whoever has no registration.
        """
        if self.state_registration not in ("", EXEMPT):
            return CONTRIBUTOR
        return NON_CONTRIBUTOR if self.state_registration or not self.is_company else None


@dataclass(frozen=True)
class FiscalProduct:
    """The fiscal data of a product code; `product_id` is None for a free item, which is not in the catalogue."""

    code: str
    product_id: str | None = None
    unit: str = ""
    ncm: str = ""
    cfop: str = ""
    cfop_interstate: str = ""
    origin: str = ""
    csosn: str = ""
    gtin: str = ""


@dataclass(frozen=True)
class Line:
    """One of the order's goods: `gross` is vProd, `net` its part of the order's total."""

    index: int
    item: Item
    product: FiscalProduct
    net: Decimal

    @property
    def gross(self) -> Decimal:
        return self.item.gross

    @property
    def discount(self) -> Decimal:
        """The line's own discount and its share of the discount on the whole."""
        return self.gross - self.net


def goods_of(sold: Order | Offer, products: dict[str, FiscalProduct]) -> list[Line]:
    """The lines of the goods; raises Conflict("nfe_without_goods"): services have an invoice of the city instead."""
    lines = [
        Line(index, item, products.get(item.product, FiscalProduct(item.product)), net)
        for index, (item, net) in enumerate(zip(sold.basket.items, sold.basket.net, strict=True))
        if item.kind == GOODS
    ]
    if not lines:
        raise _without_goods()
    return lines


def _without_goods() -> Conflict:
    return Conflict("nfe_without_goods", "A venda só tem serviços; a NF-e é de mercadorias.")


def refuse_unbillable_offer(basket: Basket, currency: str) -> None:
    """Raises Conflict: nfe_without_goods, nfe_currency_unsupported, for the offer of a quote."""
    if all(item.kind != GOODS for item in basket.items):
        raise _without_goods()
    _refuse_currency(currency)


def _refuse_currency(currency: str) -> None:
    if currency != "BRL":
        raise Conflict("nfe_currency_unsupported", "A NF-e é emitida em reais.", currency=currency)


def total_of(lines: list[Line]) -> Decimal:
    return sum((line.net for line in lines), ZERO)


def refuse_unbillable(order: Order) -> None:
    """Raises Conflict: order_cancelled, nfe_of_purchase, nfe_currency_unsupported."""
    if order.status == CANCELLED:
        raise Conflict("order_cancelled", "A venda está cancelada.")
    if order.kind != SALE:
        raise Conflict("nfe_of_purchase", "A NF-e é de vendas; a compra recebe a nota do fornecedor.")
    _refuse_currency(order.currency)
