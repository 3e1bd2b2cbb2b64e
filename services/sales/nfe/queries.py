"""Reading NF-e: their data with what is missing, one, lists, and the XML (row S22)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById
from services.sales.fiscal.presenting import present_settings
from services.sales.nfe import contract
from services.sales.nfe.building import Sources, sources_of, sources_of_offer
from services.sales.nfe.model.nfe import CANCELLED
from services.sales.nfe.model.parts import total_of
from services.sales.nfe.presenting import present_nfe
from services.sales.nfe.xml_files import proc_of
from services.sales.session import SalesSession
from services.sales.shared.presenting import named_product
from services.sales.shared.sections import OFFERS

Data = dict[str, Any]


@query(takes=ById, gives=contract.NfeData, needs="sales.read", section="orders")
def get_nfe_data(session: SalesSession, data: Data) -> Data:
    """The data of an order's NF-e, before or after it is requested; raises what sources_of raises."""
    order = session.orders.get(data["id"])
    return {"order_id": order.id, **_data_of(session, sources_of(session, order))}


@query(takes=ById, gives=contract.NfeData, needs="sales.read", section=OFFERS)
def get_nfe_data_of_quote(session: SalesSession, data: Data) -> Data:
    """The data of the NF-e that the quote's current version would get; raises what sources_of_offer raises."""
    quote = session.quotes.get(data["id"])
    offered = sources_of_offer(session, quote.person_id, quote.current.offer)
    return {"order_id": quote.order_id, **_data_of(session, offered)}


def _data_of(session: SalesSession, sources: Sources) -> Data:
    return {
        "complete": not sources.missing,
        "missing": sources.missing,
        "issuer": present_settings(session, sources.settings),
        "recipient": {**vars(sources.recipient), "indicator": sources.recipient.indicator},
        "items": [_present_line(line) for line in sources.lines],
        "total": total_of(sources.lines),
    }


@query(takes=ById, gives=contract.Nfe, needs="sales.read", section="orders")
def get_nfe(session: SalesSession, data: Data) -> Data:
    return present_nfe(session.nfes.get(data["id"]))


@query(takes=contract.ListNfes, gives=contract.NfePage, needs="sales.read", section="orders")
def list_nfes(session: SalesSession, data: Data) -> Data:
    found = session.nfes.page(**data)
    return {**found, "items": [present_nfe(nfe) for nfe in found["items"]]}


@query(takes=ById, gives=contract.NfeXml, needs="sales.read", section=("orders", "addresses"))
def get_nfe_xml(session: SalesSession, data: Data) -> Data:
    """The XML, once authorised with its protocol (nfeProc); raises Conflict("nfe_not_built")."""
    nfe = session.nfes.get(data["id"])
    xml, protocol = session.nfes.kept(nfe.id, "nfe"), session.nfes.kept(nfe.id, "protocol")
    if not xml:
        raise Conflict("nfe_not_built", "Esta NF-e ainda não foi montada.")
    authorised = nfe.authorisation is not None and bool(protocol)
    if authorised:
        xml = proc_of(xml, protocol)
    name = f"{nfe.key}-{'procNFe' if authorised else 'nfe'}.xml"
    return {"name": name, "xml": xml, "key": nfe.key, "authorised": authorised, "cancelled": nfe.status == CANCELLED}


def _present_line(line: Any) -> Data:
    amounts = {"gross": line.gross, "discount": line.discount, "net": line.net}
    named = {"code": line.item.product, "product": named_product(line.item), "unit": line.product.unit}
    return {**vars(line.item), **named, "index": line.index, **amounts, "fiscal": line.product}
