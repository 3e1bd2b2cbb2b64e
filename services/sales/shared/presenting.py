"""A basket as it is answered."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.sales.shared.items import Basket

Data = dict[str, Any]


def present_basket(basket: Basket) -> Data:
    items = [{**asdict(item), "total": item.total} for item in basket.items]
    discount = asdict(basket.discount)
    return {"items": items, "discount": discount, "subtotal": basket.subtotal, "total": basket.total}
