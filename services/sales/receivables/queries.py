"""Receivables of a person, read (row S18)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById
from services.sales.receivables import contract
from services.sales.receivables.presenting import present_receivable
from services.sales.session import SalesSession
from services.sales.shared.today import today

Data = dict[str, Any]


@query(takes=ById, gives=contract.Receivable, needs="sales.read", section="receivables")
def get_receivable(session: SalesSession, data: Data) -> Data:
    return present_receivable(session.receivables.get(data["id"]), today(session))


@query(takes=contract.ListReceivables, gives=contract.ReceivablePage, needs="sales.read", section="receivables")
def list_receivables(session: SalesSession, data: Data) -> Data:
    return _present_page(session, session.receivables.page(**data))


@query(
    takes=contract.ListReceivablesOf,
    gives=contract.ReceivablePage,
    needs="sales.read",
    section=("contracts", "receivables"),
)
def list_receivables_of_contract(session: SalesSession, data: Data) -> Data:
    """The receivables that a contract billed, the last month first (row S17)."""
    made = session.contracts.get(data.pop("id"))
    return _present_page(session, session.receivables.page_of_source(made.id, -1, **data))


@query(
    takes=contract.ListReceivablesOf,
    gives=contract.ReceivablePage,
    needs="sales.read",
    section=("orders", "receivables"),
)
def list_receivables_of_order(session: SalesSession, data: Data) -> Data:
    """The instalments of an order, in their order (row S13)."""
    order = session.orders.get(data.pop("id"))
    return _present_page(session, session.receivables.page_of_source(order.id, 1, **data))


def _present_page(session: SalesSession, found: Data) -> Data:
    return {**found, "items": [present_receivable(receivable, today(session)) for receivable in found["items"]]}
