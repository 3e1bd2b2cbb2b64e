"""Consents: what a person agreed to, for which purpose and by which channel (LGPD, articles 7 and 8).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from services.chassis.errors import Conflict, Invalid

PURPOSES = {"marketing": "Divulgação e ofertas", "service": "Atendimento", "billing": "Cobrança"}
CHANNELS = ("email", "whatsapp", "phone", "sms", "post")


@dataclass(frozen=True)
class Purpose:
    """A purpose of consents: a built-in one, or one that the company added."""

    code: str
    name: str


@dataclass(frozen=True)
class Decision:
    """One decision of a person, which never changes; the last one for a purpose and channel is in force."""

    id: str
    person_id: str
    purpose: str
    channel: str
    given: bool
    source: str
    evidence: str
    at: dt.datetime
    by: str
    by_name: str


def refuse_decision(decision: Decision, purposes: Iterable[Purpose], in_force: Decision | None) -> None:
    """Raises Invalid("purpose_unknown"), Conflict("consent_unchanged") or Conflict("consent_missing")."""
    if decision.purpose not in {purpose.code for purpose in purposes}:
        detail = "Finalidade desconhecida; cadastre-a primeiro."
        raise Invalid("purpose_unknown", detail, fields={"purpose": [detail]})
    if in_force is None and not decision.given:
        raise Conflict("consent_missing", "Não há consentimento a retirar para esta finalidade e canal.")
    if in_force is not None and in_force.given == decision.given:
        state = "dado" if decision.given else "retirado"
        raise Conflict("consent_unchanged", f"O consentimento já está {state}.")


def in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """The last decision for each purpose and channel, sorted by both; `decisions` come newest first."""
    latest: dict[tuple[str, str], Decision] = {}
    for decision in decisions:
        latest.setdefault((decision.purpose, decision.channel), decision)
    return [latest[key] for key in sorted(latest)]


def known_purposes(added: Iterable[Purpose]) -> list[Purpose]:
    return [*(Purpose(code, name) for code, name in PURPOSES.items()), *added]
