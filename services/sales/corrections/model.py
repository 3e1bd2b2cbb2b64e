"""Correction letters (CC-e) of NF-e: their rules and states (row S22).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.errors import Conflict, Invalid
from services.sales.nfe.model.nfe import AUTHORISED, Nfe, Said
from services.sales.nfe.model.requests import REGISTERED, REQUESTED
from services.sales.nfe.model.text import fitted
from services.sales.shared.who import Who

# The layout's bounds: letters of a document, days after its authorisation (720 hours), characters of a text.
MOST_LETTERS, MOST_DAYS = 20, 30
SHORTEST, LONGEST = 15, 1_000


@dataclass
class Correction:
    """`number` counts a document's letters; only the last registered one is valid, so it repeats the earlier ones.

    `said` is the authority's answer; `trouble` why it was not reached.
    """

    id: str
    nfe_id: str
    person_id: str
    attendance_id: str | None
    number: int
    text: str
    requested_at: dt.datetime
    requested_by: Who
    state: str = REQUESTED
    said: Said | None = None
    trouble: str = ""
    version: int = 1


def next_number(nfe: Nfe, before: Sequence[Correction], now: dt.datetime) -> int:
    """The number of the next letter; numbers of refused letters are used again. Raises Conflict: nfe_not_authorised,
    nfe_in_transit, correction_in_transit, correction_too_late, corrections_full.
    """
    if nfe.status != AUTHORISED:
        raise Conflict("nfe_not_authorised", "Só uma NF-e autorizada recebe carta de correção.", status=nfe.status)
    if nfe.handed_over:
        raise Conflict("nfe_in_transit", "A NF-e está a caminho da SEFAZ; aguarde a resposta.")
    if any(one.state == REQUESTED for one in before):
        raise Conflict("correction_in_transit", "Há uma carta de correção a caminho da SEFAZ; aguarde a resposta.")
    authorised_at = nfe.authorisation.at if nfe.authorisation else None
    if authorised_at is not None and now - authorised_at > dt.timedelta(days=MOST_DAYS):
        detail = f"A carta de correção é aceita até {MOST_DAYS} dias depois da autorização."
        raise Conflict("correction_too_late", detail)
    count = sum(one.state == REGISTERED for one in before)
    if count >= MOST_LETTERS:
        raise Conflict("corrections_full", f"Uma NF-e tem no máximo {MOST_LETTERS} cartas de correção.")
    return count + 1


def fitted_correction(text: str) -> str:
    """The text in the form of the layout; raises Invalid("correction_text_invalid")."""
    found = fitted(text, LONGEST + 1)
    if not SHORTEST <= len(found) <= LONGEST:
        detail = f"A correção tem de {SHORTEST} a {LONGEST} letras latinas, numa linha."
        raise Invalid("correction_text_invalid", detail, fields={"text": [detail]})
    return found
