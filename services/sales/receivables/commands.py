"""Receivables: put by other systems, settled whole or in part, and payments taken back (row S18)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.sales import events
from services.sales.commission.accruing import make_payable, make_pending
from services.sales.receivables import contract
from services.sales.receivables.model import SETTLED, Payment, Receivable, refuse_unwithdrawable
from services.sales.receivables.presenting import present_receivable
from services.sales.session import SalesSession
from services.sales.shared.external_ids import EXTERNAL, source_of
from services.sales.shared.external_records import find_external_record
from services.sales.shared.money import ZERO
from services.sales.shared.today import today
from services.sales.shared.users import acting_user

Data = dict[str, Any]


@command(takes=contract.PutReceivable, gives=contract.Receivable, needs="sales.write", section="receivables")
def put_receivable(tx: SalesSession, data: Data) -> Data:
    """Upsert by the other system's id, within the person; raises NotFound("person_not_found"),
    Conflict("receivable_not_open")."""
    tx.persons.get(data["person_id"])
    person_id, external_id = data.pop("person_id"), data.pop("external_id")
    known = find_external_record(
        tx, person_id, external_id, lambda source: next(iter(tx.receivables.of_source(source)), None)
    )
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
    """Records a payment of all or a part of what is outstanding.

    Raises NotFound("receivable_not_found"), Conflict("version_changed"), and what Receivable.settle raises.
    """
    receivable = tx.receivables.get(data["receivable_id"])
    if data["version"] not in (None, receivable.version):
        raise Conflict("version_changed", "O registro foi alterado por outra pessoa; carregue-o novamente.")
    interest, discount = data["interest"], data["discount"]
    if data["paid"] is not None:
        excess = data["paid"] - receivable.outstanding
        data["amount"], interest, discount = data["paid"], max(excess, ZERO), max(-excess, ZERO)
    amount = receivable.outstanding + interest - discount if data["amount"] is None else data["amount"]
    payment = Payment(
        id=tx.new_id(),
        amount=amount,
        paid_on=data["paid_on"] or today(tx),
        way=data["way"],
        recorded_at=tx.now,
        recorded_by=tx.actor.id,
        recorded_by_name=tx.actor.name,
        interest=interest,
        discount=discount,
    )
    receivable.settle(payment, today(tx))
    tx.receivables.save(receivable)
    if receivable.status == SETTLED:
        make_payable(tx, receivable)
    tx.publish(events.PAYMENT_RECORDED, receivable.id, receivable.version, **_payment_data(receivable, payment))
    return present_receivable(receivable, today(tx))


@command(takes=contract.ReversePayment, gives=contract.Receivable, needs="sales.supervise", section="receivables")
def reverse_payment(tx: SalesSession, data: Data) -> Data:
    """Takes a payment back; its record stays. Raises NotFound("receivable_not_found" or "payment_not_found"),
    Conflict("payment_reversed")."""
    return _reverse(tx, tx.receivables.get(data["receivable_id"]), data["payment_id"], data["reason"])


def _reverse(tx: SalesSession, receivable: Receivable, payment_id: str, reason: str) -> Data:
    before = receivable.status
    payment = receivable.reverse(payment_id, reason, tx.actor.id, tx.actor.name, tx.now)
    tx.receivables.save(receivable)
    if before == SETTLED:
        make_pending(tx, receivable)
    tx.publish(events.PAYMENT_REVERSED, receivable.id, receivable.version, **_payment_data(receivable, payment))
    return present_receivable(receivable, today(tx))


@command(takes=contract.WithdrawReceivable, gives=contract.Receivable, needs="sales.supervise", section="receivables")
def withdraw_receivable(tx: SalesSession, data: Data) -> Data:
    """Raises NotFound("receivable_not_found"), Conflict("receivable_not_of_contract" or "receivable_not_open")."""
    receivable = tx.receivables.get(data["receivable_id"])
    refuse_unwithdrawable(receivable)
    receivable.withdraw(data["reason"], acting_user(tx), tx.now)
    tx.receivables.save(receivable)
    fields = {name: getattr(receivable, name) for name in ("person_id", "source_id", "amount", "currency", "due_date")}
    tx.publish(
        events.RECEIVABLE_WITHDRAWN,
        receivable.id,
        receivable.version,
        receivable_id=receivable.id,
        period=receivable.billed_period,
        **fields,
    )
    return present_receivable(receivable, today(tx))


@command(takes=contract.UnsettleReceivable, gives=contract.Receivable, needs="sales.supervise", section="receivables")
def unsettle_receivable(tx: SalesSession, data: Data) -> Data:
    """Takes the last payment back; for the previous version's gateway, while it runs beside this one.

    Raises NotFound("receivable_not_found"), Conflict("receivable_not_settled").
    """
    receivable = tx.receivables.get(data["receivable_id"])
    if receivable.status != SETTLED:
        raise Conflict("receivable_not_settled", "O título não está baixado.", status=receivable.status)
    return _reverse(tx, receivable, receivable.active_payments[-1].id, "")


def _payment_data(receivable: Receivable, payment: Payment) -> Data:
    debt = {name: getattr(receivable, name) for name in ("person_id", "source", "currency", "status", "outstanding")}
    paid = {name: getattr(payment, name) for name in ("amount", "settles", "paid_on", "way")}
    return {"receivable_id": receivable.id, "payment_id": payment.id, **debt, **paid}
