"""The e-mail with the XML and the DANFE of an authorised NF-e (row S22; Ajuste SINIEF 07/05, clause 7).

No framework, store or clock may enter.
"""

from __future__ import annotations

from services.chassis.errors import Conflict
from services.sales.nfe.model.nfe import CANCELLED, Nfe


def refuse_unissued(nfe: Nfe) -> None:
    """Raises Conflict("nfe_not_authorised")."""
    if nfe.authorisation is None:
        raise Conflict("nfe_not_authorised", "Só uma NF-e autorizada vai ao cliente.", status=nfe.status)


def subject_of(nfe: Nfe, company: str) -> str:
    word = "cancelada" if nfe.status == CANCELLED else "emitida"
    return f"NF-e nº {nfe.number} {word} por {company}" if company else f"NF-e nº {nfe.number} {word}"


def text_of(nfe: Nfe, name: str, company: str) -> str:
    outcome = "foi cancelada" if nfe.status == CANCELLED else "foi autorizada"
    lines = (
        f"Olá, {name}.",
        f"A NF-e nº {nfe.number}, série {nfe.series}, da venda nº {nfe.order_number}, {outcome}. "
        "Seguem em anexo o XML, que é o documento fiscal, e o DANFE.",
        f"Chave de acesso: {nfe.key}\nConsulta: https://www.nfe.fazenda.gov.br/portal",
        company,
    )
    return "\n\n".join(filter(None, lines))
