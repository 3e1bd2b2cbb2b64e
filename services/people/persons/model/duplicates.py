"""Probable duplicates of a person (row P2): persons who share an e-mail, a phone or a whole name, with a score.

Two persons never share a document: the registry refuses that. No framework, store or clock may enter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.people.shared.fields import words

# The score, out of 100, of each shared identity; several together score more.
WEIGHTS = {"email": 80, "phone": 70, "name": 50}
REASONS = {"email": "mesmo e-mail", "phone": "mesmo telefone", "name": "mesmo nome"}
MAX_IDENTITIES = 12
# Words that are left out when whole names are compared.
FILLERS = {"de", "da", "do", "das", "dos", "e", "ltda", "me", "epp", "eireli", "sa", "cia"}


@dataclass(frozen=True)
class Likeness:
    """Why two persons may be one; `score` is 1 to 100, `reasons` are of WEIGHTS, the strongest first."""

    score: int
    reasons: tuple[str, ...]


def warning_of(like: Likeness, code: int) -> str:
    """The pt-BR warning about a duplicate, for the report of an import; `code` is the other person's."""
    shared = " e ".join(REASONS[reason] for reason in like.reasons)
    return f"Provável duplicata da pessoa {code}: {shared}."


def document_key(document: str) -> str:
    """The identity of a document, which only one person of a company has."""
    return f"document:{document}"


def identities_of(name: str, emails: Iterable[str], phones: Iterable[str]) -> list[str]:
    """The identities by which duplicates are found, as `<reason>:<value>`; a name of one word is too common."""
    identities = [f"email:{email.lower()}" for email in emails] + [f"phone:{phone}" for phone in phones]
    significant = [word for word in words(name) if word not in FILLERS]
    if len(significant) > 1:
        identities.append("name:" + " ".join(significant)[:150])
    return list(dict.fromkeys(identities))


def likeness(one: Iterable[str], other: Iterable[str]) -> Likeness | None:
    """The likeness of two persons by their identities; None where they share none."""
    shared = {identity.partition(":")[0] for identity in set(one) & set(other)}
    reasons = tuple(reason for reason in WEIGHTS if reason in shared)
    doubt = 1.0
    for reason in reasons:
        doubt *= 1 - WEIGHTS[reason] / 100
    return Likeness(round(100 * (1 - doubt)), reasons) if reasons else None
