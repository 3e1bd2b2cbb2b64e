"""NF-e of orders: asked for, built and handed to the transmitter, cancelled (row S22)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.sales import events
from services.sales.nfe import contract
from services.sales.nfe.building import Sources, build, refuse_second_nfe, sources_of
from services.sales.nfe.model.nfe import CANCELLED, Nfe
from services.sales.nfe.pending_work import enqueue_work
from services.sales.nfe.presenting import present_nfe
from services.sales.nfe.repository import WORKS
from services.sales.orders.model import Order
from services.sales.session import SalesSession

Data = dict[str, Any]

# A turn of who requests an NF-e, or ends those of an erased person: neither sees the other's.
UNISSUED = "unissued_nfes"


@command(takes=contract.RequestNfe, gives=contract.Nfe, needs="sales.write", section="orders")
def request_nfe(tx: SalesSession, data: Data) -> Data:
    """Requests the NF-e of an order: incomplete, with what it lacks; or built, and sent if there is a certificate.

    Raises Conflict("nfe_exists"), and what sources_of does.
    """
    order = tx.orders.get(data["order_id"])
    return present_nfe(request(tx, order, data["final_consumer"]))


def request(tx: SalesSession, order: Order, final_consumer: bool | None) -> Nfe:
    """As request_nfe, for an order that the caller has read."""
    tx.one_at_a_time(UNISSUED)
    known = tx.nfes.of_order(order.id)
    refuse_second_nfe(known)
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
    tx.publish(events.NFE_REQUESTED, nfe.id, nfe.version, **nfe.event_data())
    return nfe


@command(takes=contract.SubmitNfe, gives=contract.Nfe, needs="sales.write", section="orders")
def submit_nfe(tx: SalesSession, data: Data) -> Data:
    """Builds it again with current data, if it is incomplete, rejected or not sent; it keeps its number.

    Raises Conflict: nfe_in_transit, nfe_authorised, nfe_cancelled, nfe_denied, and what sources_of does.
    """
    nfe = tx.nfes.get(data["nfe_id"])
    nfe.must_be_open()
    order = tx.orders.get(nfe.order_id)
    _prepare(tx, nfe, sources_of(tx, order))
    tx.orders.touch(order)
    return _save_announce_and_present(tx, nfe)


@command(takes=contract.CancelNfe, gives=contract.Nfe, needs="sales.write", section="orders")
def cancel_nfe(tx: SalesSession, data: Data) -> Data:
    """Asks the authority to cancel an authorised NF-e; cancels any other at once.

    Raises Conflict: nfe_in_transit, nfe_cancelled, certificate_missing.
    """
    nfe = tx.nfes.get(data["nfe_id"])
    if nfe.ask_cancellation(data["reason"], tx.now, tx.actor.name, tx.actor.id):
        if tx.fiscal.certificate() is None:
            raise Conflict("certificate_missing", "Cadastre o certificado digital para cancelar a NF-e.")
        _hand_over(tx, nfe, "cancel")
    return _save_announce_and_present(tx, nfe)


def release(tx: SalesSession, order: Order, reason: str, final: bool) -> None:
    """Cancels the NF-e of an order that is about to be cancelled, or deleted (`final`).

    Raises Conflict("order_invoiced") for one that was sent or authorised, and with `final` for one with a number.
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
        _save_announce_and_present(tx, nfe)


def forget_unissued(tx: SalesSession, person_id: str) -> None:
    """Cancels the person's NF-e that the authority never saw, and deletes their documents; for an erasure."""
    tx.one_at_a_time(UNISSUED)
    for nfe in tx.nfes.of_person(person_id):
        if nfe.issued:
            continue
        tx.nfes.forget(nfe)
        if nfe.status != CANCELLED:
            nfe.ask_cancellation("Dados da pessoa eliminados a pedido.", tx.now, tx.actor.name, tx.actor.id)
            _save_announce_and_present(tx, nfe)


def _prepare(tx: SalesSession, nfe: Nfe, sources: Sources) -> None:
    if sources.missing:
        nfe.lack(sources.missing)
        return
    build(tx, nfe, sources)
    if tx.fiscal.certificate() is not None:
        _hand_over(tx, nfe, "authorise")


def _hand_over(tx: SalesSession, nfe: Nfe, task: str) -> None:
    nfe.hand_over()
    enqueue_work(tx, WORKS, nfe.id, task=task, begun=False)


def _save_announce_and_present(tx: SalesSession, nfe: Nfe) -> Data:
    tx.nfes.save(nfe)
    tx.publish(events.NFE_CHANGED, nfe.id, nfe.version, **nfe.event_data())
    return present_nfe(nfe)
