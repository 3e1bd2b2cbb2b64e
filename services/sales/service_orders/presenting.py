"""Service orders and invoices as they are answered."""

from __future__ import annotations

from typing import Any

from services.sales.service_orders.model import ServiceInvoice, ServiceOrder
from services.sales.shared.external_ids import shown_source
from services.sales.shared.presenting import present_basket

Data = dict[str, Any]


def present_service_order(found: ServiceOrder) -> Data:
    return {**vars(found), "source_id": shown_source(found.source_id), "basket": present_basket(found.basket)}


def present_invoice(found: ServiceInvoice) -> Data:
    return {**vars(found), "source_id": shown_source(found.source_id)}
