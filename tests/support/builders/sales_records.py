"""Items, baskets, offers and quotes as sales' models make them, by hand or drawn by hypothesis; no session."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from services.sales.quotes.model import Offer, Quote
from services.sales.shared.items import Basket

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
TODAY = NOW.date()

amounts = st.decimals(min_value=0, max_value=10**7, places=2)
percents = st.decimals(min_value=0, max_value=100, places=2)
quantities = st.decimals(min_value="0.0001", max_value=1_000, places=4)
discounts = st.one_of(st.none(), st.builds(lambda p: {"percent": p}, percents))
items = st.fixed_dictionaries(
    {
        "product": st.just("P1"),
        "description": st.just("Produto"),
        "quantity": quantities,
        "unit_price": amounts,
        "discount": discounts,
        "recurring": st.booleans(),
        "surplus": st.booleans(),
    }
)
baskets = st.builds(Basket.of, st.lists(items, min_size=1, max_size=12), discounts)


def basket_item(price: str = "100.00", **fields: Any) -> dict[str, Any]:
    base = {"product": "P1", "description": "Bolo", "quantity": Decimal(1), "unit_price": Decimal(price)}
    return {**base, **fields}


def offer(price: str = "100.00", **fields: Any) -> Offer:
    return Offer(Basket.of([basket_item(price)], None), **fields)


def quote(*offers: Offer) -> Quote:
    made = Quote("q1", 1, "p1", "a1", None, NOW)
    for one in offers or (offer(),):
        made.offer(one, "u1", "Ana", NOW)
    return made
