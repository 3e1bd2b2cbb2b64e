"""Contracts of a person: listed, suspended, resumed, stopped, and put by other systems (row S17)."""

from __future__ import annotations

from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.schemas import ById
from services.sales import contract
from services.sales.domain.contract import Contract
from services.sales.domain.external import EXTERNAL, shown_source, source_of
from services.sales.domain.items import Basket
from services.sales.store import SalesSession
from services.sales.use_cases.external import put_before
from services.sales.use_cases.selling import shown_basket

Data = dict[str, Any]


@command(takes=contract.PutContract, gives=contract.Contract, needs="sales.write", section="contracts")
def put_contract(tx: SalesSession, data: Data) -> Data:
    """Upsert by the other system's id, within the person; raises NotFound("person_not_found"),
    Conflict("contract_stopped")."""
    tx.persons.get(data["person_id"])
    external_id, basket = data.pop("external_id"), Basket.of(data.pop("items"), data.pop("discount"))
    known = put_before(
        tx, data["person_id"], external_id, lambda source: next(iter(tx.contracts.of_source(source)), None)
    )
    if known is None:
        source_id, number = source_of(data["person_id"], external_id), tx.contracts.next_number()
        made = Contract(tx.new_id(), number, source=EXTERNAL, source_id=source_id, basket=basket,
                        created_at=tx.now, **data)  # fmt: skip
        tx.contracts.add(made)
        return shown_contract(made)
    known.revise(basket, data["kind"], data["billing"], data["starts_on"], data["currency"])
    return _saved(tx, known)


@command(takes=contract.ChangeContractStatus, gives=contract.Contract, needs="sales.write", section="contracts")
def suspend_contract(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("contract_not_active")."""
    found = tx.contracts.get(data["contract_id"])
    found.suspend(data["reason"], tx.now)
    return _saved(tx, found)


@command(takes=contract.ResumeContract, gives=contract.Contract, needs="sales.write", section="contracts")
def resume_contract(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("contract_not_suspended")."""
    found = tx.contracts.get(data["contract_id"])
    found.resume(tx.now)
    return _saved(tx, found)


@command(takes=contract.ChangeContractStatus, gives=contract.Contract, needs="sales.write", section="contracts")
def stop_contract(tx: SalesSession, data: Data) -> Data:
    """For good; raises Conflict("contract_stopped")."""
    found = tx.contracts.get(data["contract_id"])
    found.stop(data["reason"], tx.now)
    return _saved(tx, found)


@query(takes=ById, gives=contract.Contract, needs="sales.read", section="contracts")
def get_contract(session: SalesSession, data: Data) -> Data:
    return shown_contract(session.contracts.get(data["id"]))


@query(takes=contract.ListContracts, gives=contract.ContractPage, needs="sales.read", section="contracts")
def list_contracts(session: SalesSession, data: Data) -> Data:
    traits = [data[name] for name in ("kind", "billing", "status") if data[name] is not None]
    found = session.contracts.page(data["person_id"], traits, data["limit"], data["cursor"])
    return {**found, "items": [shown_contract(each) for each in found["items"]]}


def _saved(tx: SalesSession, changed: Contract) -> Data:
    tx.contracts.save(changed)
    return shown_contract(changed)


def shown_contract(found: Contract) -> Data:
    source_id = shown_source(found.source_id)
    return {**vars(found), "source_id": source_id, "basket": shown_basket(found.basket), "monthly": found.monthly}
