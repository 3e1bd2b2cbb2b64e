"""Orders and purchases, read (rows S13, S14)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById
from services.sales.orders import contract
from services.sales.orders.presenting import present_order
from services.sales.placing.conversation import owner_of
from services.sales.session import SalesSession
from services.sales.shared.pages import among, within

Data = dict[str, Any]


@query(takes=ById, gives=contract.Order, needs="sales.read", section="orders")
def get_order(session: SalesSession, data: Data) -> Data:
    order = session.orders.get(data["id"])
    return present_order(order, session.nfes.of_order(order.id))


@query(takes=contract.ListOrders, gives=contract.OrderPage, needs="sales.read", section="orders")
def list_orders(session: SalesSession, data: Data) -> Data:
    """Raises Invalid("owner_missing") unless a person or an attendance is named."""
    owner = owner_of(data)
    found = session.orders.page(*owner, data["kind"], data["limit"], data["cursor"], counted=data["counted"])
    return _with_nfes(session, found)


@query(takes=contract.SearchOrders, gives=contract.CompanyOrderPage, needs="sales.read", section="orders")
def search_orders(session: SalesSession, data: Data) -> Data:
    """The company's orders, newest first."""
    where = within("ordered_at", data["ordered_from"], data["ordered_to"], session.zone.get())
    where |= among("status", data["status"] or contract.STATUSES)
    return _with_nfes(session, session.orders.of_company(data["kind"], where, data["limit"], data["cursor"]))


def _with_nfes(session: SalesSession, found: Data) -> Data:
    nfes = session.nfes.of_orders(order.id for order in found["items"])
    return {**found, "items": [present_order(order, nfes.get(order.id)) for order in found["items"]]}
