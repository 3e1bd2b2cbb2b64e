"""The XML file of an issued NF-e: the document with its protocol (row S22)."""

from __future__ import annotations

from services.chassis.errors import NotFound
from services.sales.nfe.authority.document import NAMESPACE, VERSION
from services.sales.nfe.model.nfe import Nfe
from services.sales.session import SalesSession


def issued_xml(session: SalesSession, nfe: Nfe) -> tuple[str, str]:
    """The nfeProc and its file's name; raises NotFound("nfe_xml_not_found") for one that was not authorised."""
    xml, protocol = session.nfes.kept(nfe.id, "nfe"), session.nfes.kept(nfe.id, "protocol")
    if nfe.authorisation is None or not xml or not protocol:
        raise NotFound("nfe_xml_not_found", "Esta NF-e não tem XML autorizado.")
    return proc_of(xml, protocol), f"{nfe.key}-procNFe.xml"


def proc_of(xml: str, protocol: str) -> str:
    """The nfeProc, with document and protocol byte by byte as they were signed."""
    return f'<nfeProc xmlns="{NAMESPACE}" versao="{VERSION}">{xml}{protocol}</nfeProc>'
