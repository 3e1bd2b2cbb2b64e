"""Voided numbers of NF-e, read (row S22)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import query
from services.sales.session import SalesSession
from services.sales.voiding import contract

Data = dict[str, Any]


@query(takes=contract.OneVoiding, gives=contract.Voiding, needs="sales.read", section="orders")
def get_voiding(session: SalesSession, data: Data) -> Any:
    return session.voidings.get(data["voiding_id"])


@query(takes=contract.ListVoidings, gives=contract.VoidingPage, needs="sales.read", section="orders")
def list_voidings(session: SalesSession, data: Data) -> Data:
    return session.voidings.page(data["limit"], data["cursor"])
