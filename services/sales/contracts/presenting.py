"""A contract as it is answered."""

from __future__ import annotations

from typing import Any

from services.sales.contracts.model import Contract
from services.sales.shared.external_ids import shown_source
from services.sales.shared.presenting import present_basket

Data = dict[str, Any]


def present_contract(found: Contract) -> Data:
    return {
        **vars(found),
        "source_id": shown_source(found.source_id),
        "basket": present_basket(found.basket),
        "monthly": found.monthly,
        "bills_from": found.bills_from,
        "next_due": found.next_due,
    }
