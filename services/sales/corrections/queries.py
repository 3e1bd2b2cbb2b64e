"""Correction letters of NF-e, read (row S22)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import NotFound
from services.chassis.handling.entrypoints import query
from services.sales.corrections import contract
from services.sales.nfe.authority.document import NAMESPACE
from services.sales.nfe.model.requests import REGISTERED
from services.sales.session import SalesSession

Data = dict[str, Any]


@query(takes=contract.OfNfe, gives=contract.CorrectionList, needs="sales.read", section="orders")
def list_corrections(session: SalesSession, data: Data) -> Data:
    """Raises NotFound("nfe_not_found")."""
    return {"items": session.corrections.of_nfe(session.nfes.get(data["nfe_id"]).id)}


@query(takes=contract.OneLetter, gives=contract.NfeXml, needs="sales.read", section="orders")
def get_correction_xml(session: SalesSession, data: Data) -> Data:
    """The letter with the authority's answer (procEventoNFe); raises NotFound: nfe_not_found, correction_not_found."""
    nfe = session.nfes.get(data["nfe_id"])
    letters = session.corrections.of_nfe(nfe.id)
    letter = next((one for one in letters if one.number == data["number"] and one.state == REGISTERED), None)
    if letter is None:
        raise NotFound("correction_not_found", "Esta NF-e não tem esta carta de correção registrada.")
    event, answer = session.nfes.kept(nfe.id, f"letter-{letter.number}"), session.nfes.kept(
        nfe.id, f"letter-{letter.number}-answer"
    )  # fmt: skip
    xml = f'<procEventoNFe xmlns="{NAMESPACE}" versao="1.00">{event}{answer}</procEventoNFe>'
    name = f"{nfe.key}-{letter.number:02d}-procCCe.xml"
    return {"name": name, "xml": xml, "key": nfe.key, "authorised": True, "cancelled": False}
