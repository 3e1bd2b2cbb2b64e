"""Service orders and invoices of a person, read (row S20)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById
from services.sales.service_orders import contract
from services.sales.service_orders.presenting import present_invoice, present_service_order
from services.sales.session import SalesSession

Data = dict[str, Any]


@query(takes=ById, gives=contract.ServiceOrderDetails, needs="sales.read", section="service_orders")
def get_service_order(session: SalesSession, data: Data) -> Data:
    found = session.service_orders.get(data["id"])
    invoices = session.service_invoices.of_order(found.id)
    return {**present_service_order(found), "invoices": [present_invoice(invoice) for invoice in invoices]}


@query(takes=contract.ListServiceOrders, gives=contract.ServiceOrderPage, needs="sales.read", section="service_orders")
def list_service_orders(session: SalesSession, data: Data) -> Data:
    found = session.service_orders.page(**data)
    return {**found, "items": [present_service_order(order) for order in found["items"]]}


@query(takes=ById, gives=contract.ServiceInvoice, needs="sales.read", section="service_orders")
def get_service_invoice(session: SalesSession, data: Data) -> Data:
    return present_invoice(session.service_invoices.get(data["id"]))


@query(
    takes=contract.ListServiceInvoices, gives=contract.ServiceInvoicePage, needs="sales.read", section="service_orders"
)
def list_service_invoices(session: SalesSession, data: Data) -> Data:
    found = session.service_invoices.page(**data)
    return {**found, "items": [present_invoice(invoice) for invoice in found["items"]]}
