"""Billing a contract: each period that is due becomes a receivable, once (row S17, docs/adr/0034)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

from services.chassis.errors import Conflict, Invalid
from services.sales import events
from services.sales.contracts.model import CONTRACT, STOPPED, Contract
from services.sales.contracts.periods import Charge
from services.sales.receivables.model import Receivable
from services.sales.session import SalesSession
from services.sales.shared.today import today

NAMESPACE = uuid.UUID("3f0a6c1e-8d57-5b42-9c1d-6e2b7a90d4f3")
# Periods billed in one transaction; the rest follows at once.
MOST_AT_ONCE = 24
ENDED = "Dados da pessoa eliminados a pedido do titular."


def bill(tx: SalesSession, contract_id: str) -> int:
    """Bills the due periods of a contract; gives their number. Running it again bills no period twice."""
    contract = tx.contracts.get_any(contract_id)
    before = contract.billing_progress
    if tx.persons.erased(contract.person_id) and contract.status != STOPPED:
        contract.end(ENDED, tx.now)
    charges = contract.bill(today(tx), MOST_AT_ONCE)
    made = tx.receivables.add_new([receivable_of(tx, contract, charge) for charge in charges])
    if contract.billing_progress == before:
        tx.contracts.reschedule(contract)
        return 0
    tx.contracts.save(contract)
    for receivable in made:
        tx.publish(events.CONTRACT_BILLED, receivable.id, receivable.version, **_billed_event(contract, receivable))
    return len(made)


def bill_again(
    tx: SalesSession, contract: Contract, period: str, amount: Decimal | None, due_on: dt.date | None
) -> Receivable:  # fmt: skip
    """Bills a period whose receivable was withdrawn; the job does not bill it again.

    Raises Conflict("period_not_withdrawn"), Invalid("amount_invalid").
    """
    withdrawn = tx.receivables.withdrawn_of(contract.id, period)
    if not withdrawn or tx.receivables.of_period(contract.id, period) is not None:
        detail = f"A cobrança de {period[5:]}/{period[:4]} não foi cancelada; só então ela é refeita."
        raise Conflict("period_not_withdrawn", detail, period=period)
    if amount is not None and not amount:
        raise Invalid("amount_invalid", "Informe um valor.", fields={"amount": ["Informe um valor."]})
    last = withdrawn[-1]
    worth, due = last.amount if amount is None else amount, due_on or last.due_date
    charge = Charge(contract.count_again(), period, due, worth, last.currency, today(tx))
    attempt = f"{period}:{len(withdrawn)}"
    made = replace(receivable_of(tx, contract, charge), id=receivable_id(tx.company, contract.id, attempt))
    tx.receivables.add(made)
    tx.contracts.save(contract)
    tx.publish(events.CONTRACT_BILLED, made.id, made.version, **_billed_event(contract, made))
    return made


def receivable_id(company: str, contract_id: str, period: str) -> str:
    """The id of a period's receivable, derived, so that a period cannot be billed twice."""
    return uuid.uuid5(NAMESPACE, f"{company}:{contract_id}:{period}").hex


def receivable_of(tx: SalesSession, contract: Contract, charge: Charge) -> Receivable:
    return Receivable(
        id=receivable_id(tx.company, contract.id, charge.period),
        person_id=contract.person_id,
        source=CONTRACT,
        source_id=contract.id,
        instalment=charge.number,
        instalments=0,
        period=charge.period,
        due_date=charge.due_date,
        amount=charge.amount,
        created_at=tx.now,
        currency=charge.currency,
        description=description_of(contract, charge),
        attendance_id=contract.attendance_id,
    )


def description_of(contract: Contract, charge: Charge) -> str:
    year, month = charge.period.split("-")
    return f"Contrato {contract.number}, {month}/{year}"


def _billed_event(contract: Contract, receivable: Receivable) -> dict[str, object]:
    names = ("person_id", "period", "due_date", "amount", "currency")
    copied = {name: getattr(receivable, name) for name in names}
    return {"receivable_id": receivable.id, "contract_id": contract.id, "contract_number": contract.number, **copied}
