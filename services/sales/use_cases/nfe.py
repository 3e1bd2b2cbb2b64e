"""NF-e of orders: what they lack, asked for, built and handed to the transmitter, cancelled, shown (row S22)."""

from __future__ import annotations

from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.errors import Conflict
from services.chassis.schemas import ById
from services.sales import contract
from services.sales.domain.nfe.nfe import CANCELLED, Nfe
from services.sales.domain.nfe.parts import total_of
from services.sales.domain.order import Order
from services.sales.fiscal.document import NAMESPACE, VERSION
from services.sales.store import SalesSession
from services.sales.store.nfe import WORKS
from services.sales.use_cases.fiscal import shown_settings
from services.sales.use_cases.nfe_building import Sources, build, refuse_asked, sources_of

Data = dict[str, Any]


@query(takes=ById, gives=contract.NfeData, needs="sales.read", section="orders")
def get_nfe_data(session: SalesSession, data: Data) -> Data:
    """Of an order, before or after it is asked for; raises what sources_of does."""
    sources = sources_of(session, session.orders.get(data["id"]))
    return {
        "order_id": sources.order.id,
        "complete": not sources.missing,
        "missing": sources.missing,
        "issuer": shown_settings(session, sources.settings),
        "recipient": {**vars(sources.recipient), "indicator": sources.recipient.indicator},
        "items": [_shown_line(line) for line in sources.lines],
        "total": total_of(sources.lines),
    }


@command(takes=contract.RequestNfe, gives=contract.Nfe, needs="sales.write", section="orders")
def request_nfe(tx: SalesSession, data: Data) -> Data:
    """Incomplete, with what it lacks; or built, and handed over where there is a certificate.

    Raises Conflict("nfe_exists"), and what sources_of does.
    """
    order = tx.orders.get(data["order_id"])
    return shown_nfe(request(tx, order, data["final_consumer"]))


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
        final_consumer=final_consumer,
        attendance_id=order.attendance_id,
    )
    _prepare(tx, nfe, sources)
    tx.nfes.add(nfe)
    tx.publish(contract.NFE_REQUESTED, nfe.id, nfe.version, **nfe.announced())
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
    if nfe.ask_cancellation(data["reason"], tx.now, tx.actor.name):
        if tx.fiscal.certificate() is None:
            raise Conflict("certificate_missing", "Cadastre o certificado digital para cancelar a NF-e.")
        _hand_over(tx, nfe, "cancel")
    return _changed(tx, nfe)


@query(takes=ById, gives=contract.Nfe, needs="sales.read", section="orders")
def get_nfe(session: SalesSession, data: Data) -> Data:
    return shown_nfe(session.nfes.get(data["id"]))


@query(takes=contract.ListNfes, gives=contract.NfePage, needs="sales.read", section="orders")
def list_nfes(session: SalesSession, data: Data) -> Data:
    found = session.nfes.page(data["status"], data["limit"], data["cursor"])
    return {**found, "items": [shown_nfe(nfe) for nfe in found["items"]]}


@query(takes=ById, gives=contract.NfeXml, needs="sales.read", section=("orders", "addresses"))
def get_nfe_xml(session: SalesSession, data: Data) -> Data:
    """Raises Conflict("nfe_not_built"). Signature and protocol are put together as they came, to the letter."""
    nfe = session.nfes.get(data["id"])
    xml, protocol = session.nfes.kept(nfe.id, "nfe"), session.nfes.kept(nfe.id, "protocol")
    if not xml:
        raise Conflict("nfe_not_built", "Esta NF-e ainda não foi montada.")
    authorised = nfe.authorisation is not None and bool(protocol)
    if authorised:
        xml = f'<nfeProc xmlns="{NAMESPACE}" versao="{VERSION}">{xml}{protocol}</nfeProc>'
    name = f"{nfe.key}-{'procNFe' if authorised else 'nfe'}.xml"
    return {"name": name, "xml": xml, "key": nfe.key, "authorised": authorised, "cancelled": nfe.status == CANCELLED}


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
        nfe.ask_cancellation(reason, tx.now, tx.actor.name)
        _changed(tx, nfe)


def forget_unissued(tx: SalesSession, person_id: str) -> None:
    """The person's data is erased: what never became a fiscal document goes, what did is kept (store/holdings.py)."""
    for nfe in tx.nfes.of_person(person_id):
        if nfe.issued:
            continue
        tx.nfes.forget(nfe)
        if nfe.status != CANCELLED:
            nfe.ask_cancellation("Dados da pessoa eliminados a pedido.", tx.now, tx.actor.name)
            _changed(tx, nfe)


def shown_nfe(nfe: Nfe) -> Data:
    return {**vars(nfe), "number_unused": nfe.number_unused}


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
    tx.publish(contract.NFE_CHANGED, nfe.id, nfe.version, **nfe.announced())
    return shown_nfe(nfe)


def _shown_line(line: Any) -> Data:
    amounts = {"gross": line.gross, "discount": line.discount, "net": line.net}
    return {**vars(line.item), "index": line.index, **amounts, "fiscal": line.product}
