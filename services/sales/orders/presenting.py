"""An order as it is answered, with its NF-e."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.sales.nfe.model.nfe import Nfe
from services.sales.orders.model import Order
from services.sales.shared.presenting import present_basket

Data = dict[str, Any]


def present_order(order: Order, nfe: Nfe | None = None) -> Data:
    """The fields of contract.Order; `nfe`: its NF-e, if it has one."""
    return {**vars(order), "nfe": nfe, "basket": present_basket(order.basket), "terms": asdict(order.terms)}
