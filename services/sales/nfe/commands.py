"""NF-e of orders: asked for, built and handed to the transmitter, cancelled (row S22)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.sales import events
from services.sales.nfe import contract
from services.sales.nfe.building import Sources, build, refuse_asked, sources_of
from services.sales.nfe.model.nfe import CANCELLED, Nfe
from services.sales.nfe.presenting import present_nfe
from services.sales.nfe.repository import WORKS
from services.sales.orders.model import Order
from services.sales.session import SalesSession

Data = dict[str, Any]


@command(takes=contract.RequestNfe, gives=contract.Nfe, needs="sales.write", section="orders")
def request_nfe(tx: SalesSession, data: Data) -> Data:
    """Incomplete, with what it lacks; or built, and handed over where there is a certificate.

    Raises Conflict("nfe_exists"), and what sources_of does.
    """
    order = tx.orders.get(data["order_id"])
    return present_nfe(request(tx, order, data["final_consumer"]))


def request(tx: SalesSession, order: Order, final_consumer: bool | None) -> Nfe:
    """The same, for an order at hand."""
    known = tx.nfes.of_order(order.id)
    refuse_asked(known)
    sources = sources_of(tx, order)
    tx.orders.touch(order)
    nfe = Nfe(
        id=tx.new_id(),
        order_id=order.id,
        order_number=order.number,
        person_id=order.person_id,
        attempt=known.attempt + 1 if known else 1,
        requested_at=tx.now,
        requested_by=tx.actor.name,
        requested_by_id=tx.actor.id,
        final_consumer=final_consumer,
        attendance_id=order.attendance_id,
    )
    _prepare(tx, nfe, sources)
    tx.nfes.add(nfe)
    tx.publish(events.NFE_REQUESTED, nfe.id, nfe.version, **nfe.announced())
    return nfe


@command(takes=contract.SubmitNfe, gives=contract.Nfe, needs="sales.write", section="orders")
def submit_nfe(tx: SalesSession, data: Data) -> Data:
    """Again with today's data: one that was incomplete, rejected, or built without a certificate; the number stays.

    Raises Conflict: nfe_in_transit, nfe_authorised, nfe_cancelled, nfe_denied, and what sources_of does.
    """
    nfe = tx.nfes.get(data["nfe_id"])
    nfe.must_be_open()
    order = tx.orders.get(nfe.order_id)
    _prepare(tx, nfe, sources_of(tx, order))
    tx.orders.touch(order)
    return _changed(tx, nfe)


@command(takes=contract.CancelNfe, gives=contract.Nfe, needs="sales.write", section="orders")
def cancel_nfe(tx: SalesSession, data: Data) -> Data:
    """Of an authorised one the authority is asked; any other is cancelled at once.

    Raises Conflict: nfe_in_transit, nfe_cancelled, certificate_missing.
    """
    nfe = tx.nfes.get(data["nfe_id"])
    if nfe.ask_cancellation(data["reason"], tx.now, tx.actor.name, tx.actor.id):
        if tx.fiscal.certificate() is None:
            raise Conflict("certificate_missing", "Cadastre o certificado digital para cancelar a NF-e.")
        _hand_over(tx, nfe, "cancel")
    return _changed(tx, nfe)


def release(tx: SalesSession, order: Order, reason: str, final: bool) -> None:
    """The order is about to be cancelled, or deleted (`final`): an NF-e of it that was never sent is cancelled with it.

    Raises Conflict("order_invoiced"); a deleted order leaves no number without its sale.
    """
    nfe = tx.nfes.of_order(order.id)
    if nfe is None:
        return
    if nfe.holds_order or (final and nfe.number is not None):
        detail = "A venda tem NF-e; cancele a NF-e antes." if nfe.holds_order else "A venda tem NF-e numerada."
        raise Conflict("order_invoiced", detail, nfe_id=nfe.id, status=nfe.status)
    tx.orders.touch(order)
    if nfe.status != CANCELLED:
        nfe.ask_cancellation(reason, tx.now, tx.actor.name, tx.actor.id)
        _changed(tx, nfe)


def forget_unissued(tx: SalesSession, person_id: str) -> None:
    """The person's data is erased: what never became a fiscal document goes, what did is kept (personal_data.py)."""
    for nfe in tx.nfes.of_person(person_id):
        if nfe.issued:
            continue
        tx.nfes.forget(nfe)
        if nfe.status != CANCELLED:
            nfe.ask_cancellation("Dados da pessoa eliminados a pedido.", tx.now, tx.actor.name, tx.actor.id)
            _changed(tx, nfe)


def _prepare(tx: SalesSession, nfe: Nfe, sources: Sources) -> None:
    if sources.missing:
        nfe.lack(sources.missing)
        return
    build(tx, nfe, sources)
    if tx.fiscal.certificate() is not None:
        _hand_over(tx, nfe, "authorise")


def _hand_over(tx: SalesSession, nfe: Nfe, task: str) -> None:
    nfe.hand_over()
    actor = {"id": tx.actor.id, "name": tx.actor.name}
    tx.enqueue(WORKS, {"_id": nfe.id, "task": task, "tries": 0, "begun": False, "actor": actor})


def _changed(tx: SalesSession, nfe: Nfe) -> Data:
    tx.nfes.save(nfe)
    tx.publish(events.NFE_CHANGED, nfe.id, nfe.version, **nfe.announced())
    return present_nfe(nfe)
