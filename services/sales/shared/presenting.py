"""Baskets as they appear in responses."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.sales.shared.items import Basket, Item

Data = dict[str, Any]


def present_basket(basket: Basket) -> Data:
    items = [present_item(item) for item in basket.items]
    discount = asdict(basket.discount)
    return {"items": items, "discount": discount, "subtotal": basket.subtotal, "total": basket.total}


def present_item(item: Item) -> Data:
    return {**asdict(item), "code": item.product, "product": named_product(item), "total": item.total}


def named_product(item: Item) -> Data | None:
    return {"id": item.product_id, "name": item.product_name} if item.product_id else None
