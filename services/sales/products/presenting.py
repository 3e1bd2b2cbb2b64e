"""A product as it appears in responses and events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from services.sales import events
from services.sales.products.model import Product
from services.sales.session import SalesSession

Data = dict[str, Any]
# The most products of one event.
MOST_ANNOUNCED = 100


def present_product(product: Product) -> Data:
    return {**vars(product), "state": product.state, "fiscal": asdict(product.fiscal)}


def product_reference(product: Product | None) -> Data | None:
    return {"id": product.id, "name": product.description} if product else None


def announce(tx: SalesSession, products: Iterable[Product], aggregate_id: str, sequence: int) -> None:
    announced = [
        {
            "product_id": product.id,
            "code": product.code,
            "description": product.description,
            "unit": product.unit,
            "price": product.price,
            "currency": product.currency,
            "active": product.active,
            "version": product.version,
        }
        for product in products
    ]
    for first in range(0, len(announced), MOST_ANNOUNCED):
        part = announced[first : first + MOST_ANNOUNCED]
        tx.publish(events.PRODUCTS_CHANGED, aggregate_id, sequence + first // MOST_ANNOUNCED, products=part)
