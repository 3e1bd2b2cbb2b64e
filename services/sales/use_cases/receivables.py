"""Receivables of a person: listed, settled, and put by other systems (row S18)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.schemas import ById
from services.sales import contract
from services.sales.domain.external import EXTERNAL, shown_source, source_of
from services.sales.domain.receivable import OPEN, Receivable
from services.sales.store import SalesSession
from services.sales.use_cases.earning import settled, unsettled
from services.sales.use_cases.external import put_before
from services.sales.use_cases.today import today

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
        return _shown(made, today(tx))
    known.revise(**data)
    tx.receivables.save(known)
    return _shown(known, today(tx))


@command(takes=contract.SettleReceivable, gives=contract.Receivable, needs="sales.write", section="receivables")
def settle_receivable(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("receivable_not_open"), Invalid("date_future") for a payment after today, the company's."""
    receivable = tx.receivables.get(data["receivable_id"])
    paid = receivable.amount if data["paid"] is None else data["paid"]
    receivable.settle(paid, data["paid_on"] or today(tx), tx.actor.name, tx.now, today(tx))
    tx.receivables.save(receivable)
    settled(tx, receivable)
    return _shown(receivable, today(tx))


@command(takes=contract.UnsettleReceivable, gives=contract.Receivable, needs="sales.supervise", section="receivables")
def unsettle_receivable(tx: SalesSession, data: Data) -> Data:
    """Takes a settlement back; raises Conflict("receivable_not_settled")."""
    receivable = tx.receivables.get(data["receivable_id"])
    receivable.unsettle()
    tx.receivables.save(receivable)
    unsettled(tx, receivable)
    return _shown(receivable, today(tx))


@query(takes=ById, gives=contract.Receivable, needs="sales.read", section="receivables")
def get_receivable(session: SalesSession, data: Data) -> Data:
    return _shown(session.receivables.get(data["id"]), today(session))


@query(takes=contract.ListReceivables, gives=contract.ReceivablePage, needs="sales.read", section="receivables")
def list_receivables(session: SalesSession, data: Data) -> Data:
    found = session.receivables.page(**data)
    return {**found, "items": [_shown(receivable, today(session)) for receivable in found["items"]]}


def _shown(receivable: Receivable, day: dt.date) -> Data:
    source_id = shown_source(receivable.source_id)
    return {
        **vars(receivable),
        "source_id": source_id,
        "overdue": receivable.status == OPEN and receivable.due_date < day,
    }
