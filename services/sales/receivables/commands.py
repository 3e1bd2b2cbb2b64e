"""Receivables: put by other systems, settled, unsettled (row S18)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import command
from services.sales.commission.accruing import make_payable, make_pending
from services.sales.receivables import contract
from services.sales.receivables.model import Receivable
from services.sales.receivables.presenting import present_receivable
from services.sales.session import SalesSession
from services.sales.shared.external_ids import EXTERNAL, source_of
from services.sales.shared.put_before import put_before
from services.sales.shared.today import today

Data = dict[str, Any]


@command(takes=contract.PutReceivable, gives=contract.Receivable, needs="sales.write", section="receivables")
def put_receivable(tx: SalesSession, data: Data) -> Data:
    """Upsert by the other system's id, within the person; raises NotFound("person_not_found"),
    Conflict("receivable_not_open")."""
    tx.persons.get(data["person_id"])
    person_id, external_id = data.pop("person_id"), data.pop("external_id")
    known = put_before(tx, person_id, external_id, lambda source: next(iter(tx.receivables.of_source(source)), None))
    if known is None:
        made = Receivable(tx.new_id(), person_id, EXTERNAL, source_of(person_id, external_id), 1, 1,
                          created_at=tx.now, **data)  # fmt: skip
        tx.receivables.add(made)
        return present_receivable(made, today(tx))
    known.revise(**data)
    tx.receivables.save(known)
    return present_receivable(known, today(tx))


@command(takes=contract.SettleReceivable, gives=contract.Receivable, needs="sales.write", section="receivables")
def settle_receivable(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("receivable_not_open"), Invalid("date_future") for a payment after today, the company's."""
    receivable = tx.receivables.get(data["receivable_id"])
    paid = receivable.amount if data["paid"] is None else data["paid"]
    receivable.settle(paid, data["paid_on"] or today(tx), tx.actor.name, tx.now, today(tx))
    tx.receivables.save(receivable)
    make_payable(tx, receivable)
    return present_receivable(receivable, today(tx))


@command(takes=contract.UnsettleReceivable, gives=contract.Receivable, needs="sales.supervise", section="receivables")
def unsettle_receivable(tx: SalesSession, data: Data) -> Data:
    """Takes a settlement back; raises Conflict("receivable_not_settled")."""
    receivable = tx.receivables.get(data["receivable_id"])
    receivable.unsettle()
    tx.receivables.save(receivable)
    make_pending(tx, receivable)
    return present_receivable(receivable, today(tx))
