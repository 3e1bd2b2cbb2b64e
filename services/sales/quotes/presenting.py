"""A quote and its versions as they are answered."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.sales.quotes.model import Quote, QuoteVersion
from services.sales.shared.presenting import present_basket

Data = dict[str, Any]


def present_quote(quote: Quote) -> Data:
    fields = {name: value for name, value in vars(quote).items() if name != "versions"}
    return {**fields, "status": quote.status, "versions": [present_version(version) for version in quote.versions]}


def present_version(version: QuoteVersion) -> Data:
    offer = version.offer
    return {
        **{name: value for name, value in vars(version).items() if name != "offer"},
        **{name: value for name, value in vars(offer).items() if name not in ("basket", "terms")},
        "basket": present_basket(offer.basket),
        "terms": asdict(offer.terms),
    }
