"""Contracts: put by other systems, suspended, resumed, stopped (row S17)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import command
from services.sales.contracts import contract
from services.sales.contracts.billing import bill_again
from services.sales.contracts.model import Contract, refuse_too_early
from services.sales.contracts.presenting import present_contract
from services.sales.products.baskets import basket_of
from services.sales.receivables import contract as receivables_contract
from services.sales.receivables.presenting import present_receivable
from services.sales.session import SalesSession
from services.sales.shared.external_ids import EXTERNAL, source_of
from services.sales.shared.external_records import find_external_record
from services.sales.shared.today import today

Data = dict[str, Any]

# The fields that a contract takes over when it is put again.
REVISED = ("kind", "billing", "starts_on", "currency", "due_day")


@command(takes=contract.PutContract, gives=contract.Contract, needs="sales.write", section="contracts")
def put_contract(tx: SalesSession, data: Data) -> Data:
    """Upsert by the other system's id, within the person; raises NotFound("person_not_found"),
    Conflict("contract_stopped"), Invalid("bills_from_too_early")."""
    tx.persons.get(data["person_id"])
    bills_from = data.pop("bills_from")
    refuse_too_early(bills_from, today(tx))
    data["due_day"] = data["due_day"] or data["starts_on"].day
    external_id, basket = data.pop("external_id"), basket_of(tx, data, data["currency"], external=True)
    known = find_external_record(
        tx, data["person_id"], external_id, lambda source: next(iter(tx.contracts.of_source(source)), None)
    )
    if known is None:
        source_id, number = source_of(data["person_id"], external_id), tx.contracts.next_number()
        made = Contract(tx.new_id(), number, source=EXTERNAL, source_id=source_id, basket=basket,
                        created_at=tx.now, **data)  # fmt: skip
        made.begin_billing(bills_from, today(tx))
        tx.contracts.add(made)
        return present_contract(made)
    known.revise(basket, **{name: data[name] for name in REVISED}, today=today(tx))
    return _save_and_present(tx, known)


@command(takes=contract.ChangeContractStatus, gives=contract.Contract, needs="sales.write", section="contracts")
def suspend_contract(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("contract_not_active")."""
    found = tx.contracts.get(data["contract_id"])
    found.suspend(data["reason"], tx.now, today(tx))
    return _save_and_present(tx, found)


@command(takes=contract.ResumeContract, gives=contract.Contract, needs="sales.write", section="contracts")
def resume_contract(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("contract_not_suspended")."""
    found = tx.contracts.get(data["contract_id"])
    found.resume(tx.now, today(tx))
    return _save_and_present(tx, found)


@command(takes=contract.ChangeContractStatus, gives=contract.Contract, needs="sales.write", section="contracts")
def stop_contract(tx: SalesSession, data: Data) -> Data:
    """Stops the contract for good; raises Conflict("contract_stopped")."""
    found = tx.contracts.get(data["contract_id"])
    found.stop(data["reason"], tx.now, today(tx))
    return _save_and_present(tx, found)


@command(takes=contract.BillPeriod, gives=receivables_contract.Receivable, needs="sales.supervise", section="contracts")
def bill_period(tx: SalesSession, data: Data) -> Data:
    """Bills a period by hand, once its receivable was withdrawn.

    Raises NotFound("contract_not_found"), Conflict: person_erased, period_not_withdrawn, Invalid("amount_invalid").
    """
    found = tx.contracts.get(data["contract_id"])
    tx.persons.get(found.person_id)
    receivable = bill_again(tx, found, data["period"], data["amount"], data["due_on"])
    return present_receivable(receivable, today(tx))


def _save_and_present(tx: SalesSession, changed: Contract) -> Data:
    tx.contracts.save(changed)
    return present_contract(changed)
