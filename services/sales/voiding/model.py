"""Voided numbers of NF-e (inutilização): numbers that no document bears are declared to the tax authority (row S22).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from services.chassis.errors import Conflict, Invalid
from services.sales.fiscal.model import FiscalSettings
from services.sales.nfe.model.nfe import Nfe, Said
from services.sales.nfe.model.requests import REFUSED
from services.sales.nfe.model.text import digits, fitted
from services.sales.shared.who import Who

SHORTEST, LONGEST = 15, 255
# The most numbers of one declaration, for each is looked up.
MOST_NUMBERS = 1_000


@dataclass
class Voiding:
    """Numbers `first` to `last` of a series, of one year. `said` is the authority's answer."""

    id: str
    state: str
    environment: str
    federal_state: str
    cnpj: str
    series: int
    first: int
    last: int
    year: int
    reason: str
    requested_at: dt.datetime
    requested_by: Who
    said: Said | None = None
    trouble: str = ""
    version: int = 1


def refuse_wrong_range(first: int, last: int, last_taken: int | None) -> None:
    """Raises Invalid("numbers_invalid"), Conflict("nfe_number_untaken") for one that the series has not come to."""
    if first > last or last - first >= MOST_NUMBERS:
        detail = f"Informe uma faixa de até {MOST_NUMBERS} números, do menor para o maior."
        raise Invalid("numbers_invalid", detail, fields={"last": [detail]})
    if last_taken is None or last > last_taken:
        detail = "A série ainda não chegou a estes números; eles serão usados."
        raise Conflict("nfe_number_untaken", detail, last_number=last_taken)


def refuse_used(found: Iterable[Nfe], year: int, zone: dt.tzinfo) -> None:
    """`found`: the documents with numbers of the range.

    Raises Conflict: nfe_number_used, nfe_number_of_another_year.
    """
    for nfe in found:
        if not nfe.number_unused:
            detail = f"O número {nfe.number} é de uma NF-e que não foi cancelada sem uso."
            raise Conflict("nfe_number_used", detail, number=nfe.number, nfe_id=nfe.id, status=nfe.status)
        if nfe.issued_at is not None and nfe.issued_at.astimezone(zone).year != year:
            detail = f"O número {nfe.number} foi tomado em outro ano; só os do ano corrente são inutilizados."
            raise Conflict("nfe_number_of_another_year", detail, number=nfe.number)


def refuse_voided(known: Iterable[Voiding]) -> None:
    """`known`: the declarations that overlap the range. Raises Conflict("nfe_numbers_voided")."""
    for voiding in known:
        if voiding.state != REFUSED:
            detail = f"Os números {voiding.first} a {voiding.last} já foram inutilizados, ou estão a caminho."
            raise Conflict("nfe_numbers_voided", detail, voiding_id=voiding.id)


def refuse_incomplete(settings: FiscalSettings) -> None:
    """Raises Conflict("fiscal_settings_incomplete")."""
    if not (settings.cnpj and settings.address.state):
        raise Conflict("fiscal_settings_incomplete", "Informe antes o CNPJ e o endereço da empresa.")
    if len(digits(settings.cnpj)) != len(settings.cnpj):
        raise Conflict("fiscal_settings_incomplete", "O CNPJ da empresa tem letras: a SEFAZ ainda não as aceita aqui.")


def fitted_reason(reason: str) -> str:
    """The reason in the form of the layout; raises Invalid("reason_invalid")."""
    found = fitted(reason, LONGEST + 1)
    if not SHORTEST <= len(found) <= LONGEST:
        detail = f"O motivo tem de {SHORTEST} a {LONGEST} letras latinas, numa linha."
        raise Invalid("reason_invalid", detail, fields={"reason": [detail]})
    return found
