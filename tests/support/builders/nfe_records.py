"""What an NF-e is made of (issuer, recipient, product, an order's items), its draft and its record; no session."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from services.sales.fiscal.model import PRODUCTION, FiscalSettings, Place
from services.sales.nfe.authority import document
from services.sales.nfe.model.key import access_key, random_code
from services.sales.nfe.model.nfe import Nfe
from services.sales.nfe.model.parts import FiscalProduct, Line, Recipient
from services.sales.orders.model import Order
from services.sales.shared.items import Basket
from services.sales.shared.terms import Terms

NOW = dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC)
PLACE = Place("Rua das Flores", "12", "", "Centro", "São Paulo", "3550308", "SP", "01001-000")
ISSUER = FiscalSettings(
    "11222333000181", "Padaria Modelo", "", "123456789012", 1, PLACE, "+551133334444", PRODUCTION, 1
)
PRODUCT = FiscalProduct("BOLO", None, "UN", "19059090", "5102", "6102", "0", "102")
BUYER = Recipient("p1", "João", "52998224725", "", PLACE)


def order_of(items: list[dict[str, Any]], discount: dict[str, Any] | None = None) -> Order:
    basket = Basket.of(items, discount)
    return Order("o1", 1, "sale", "p1", None, None, None, basket, Terms(), NOW, "Ana")


def order_item(**fields: Any) -> dict[str, Any]:
    return {"product": "BOLO", "description": "Bolo", "quantity": Decimal(1), "unit_price": Decimal("10.00"), **fields}


def draft_of(issuer: FiscalSettings, buyer: Recipient, lines: list[Line], number: int = 1) -> document.Draft:
    key = access_key(
        issuer.address.state, NOW.date(), issuer.cnpj, issuer.series or 0, number, random_code("x", number)
    )
    issued_at = NOW.astimezone(dt.timezone(dt.timedelta(hours=-3)))
    return document.Draft(
        key=key, series=issuer.series or 0, number=number, issued_at=issued_at,
        settings=issuer, recipient=buyer, delivered_to=buyer.address or Place(), lines=lines, final_consumer=True,
        instalments=1,
    )  # fmt: skip


def nfe_of(**fields: Any) -> Nfe:
    return Nfe("n1", "o1", 1, "p1", 1, NOW, "Ana", **fields)
