"""Mailings, recipients and the opt-out page as response data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.notifications.audience.model import REASONS
from services.notifications.deliveries.model import MAILING_CANCELLED, OPTED_OUT
from services.notifications.mailings.model import (
    ADDRESS_MISSING,
    CONSENT_MISSING,
    DUPLICATE,
    PURPOSE_WORDS,
    Mailing,
    Recipient,
)

EXPLANATIONS = {
    **REASONS,
    OPTED_OUT: "Pediu para não receber mensagens desta finalidade.",
    CONSENT_MISSING: "Não há consentimento para esta finalidade e este canal.",
    ADDRESS_MISSING: "Não tem e-mail nem endereço.",
    DUPLICATE: "O mesmo endereço já recebe esta mala direta por outra pessoa.",
    MAILING_CANCELLED: "A mala direta foi cancelada antes.",
}


def present_recipient(recipient: Recipient) -> dict[str, Any]:
    return {**asdict(recipient), "explanation": EXPLANATIONS.get(recipient.reason or "")}


def opt_out_page(mailing: Mailing, recipient: Recipient, opted_out: bool) -> dict[str, Any]:
    purpose = PURPOSE_WORDS.get(mailing.purpose, mailing.purpose)
    address = mask_address(recipient.email or "")
    return {"responsible": mailing.responsible, "purpose": purpose, "address": address, "opted_out": opted_out}


def mask_address(address: str) -> str:
    """The address in a form that its owner recognises: r•••@cliente.example."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}"
