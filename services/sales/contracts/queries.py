"""Contracts of a person, read (row S17)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById
from services.sales.contracts import contract
from services.sales.contracts.presenting import present_contract
from services.sales.session import SalesSession

Data = dict[str, Any]


@query(takes=ById, gives=contract.Contract, needs="sales.read", section="contracts")
def get_contract(session: SalesSession, data: Data) -> Data:
    return present_contract(session.contracts.get(data["id"]))


@query(takes=contract.ListContracts, gives=contract.ContractPage, needs="sales.read", section="contracts")
def list_contracts(session: SalesSession, data: Data) -> Data:
    traits = [data[name] for name in ("kind", "billing", "status") if data[name] is not None]
    found = session.contracts.page(data["person_id"], traits, data["limit"], data["cursor"])
    return {**found, "items": [present_contract(each) for each in found["items"]]}
