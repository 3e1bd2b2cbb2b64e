"""What is asked of the tax authority beside documents (letters, voided numbers): asked for, registered or refused.

No framework, store or clock may enter.
"""

from __future__ import annotations

from typing import Protocol

from services.sales.nfe.model.nfe import Said

REQUESTED, REGISTERED, REFUSED = ASKED_STATES = ("requested", "registered", "refused")


class Asked(Protocol):
    """`said` is the authority's answer; `trouble` why it was not reached."""

    state: str
    said: Said | None
    trouble: str


def register(asked: Asked, said: Said) -> None:
    asked.state, asked.said, asked.trouble = REGISTERED, said, ""


def refuse(asked: Asked, said: Said) -> None:
    asked.state, asked.said, asked.trouble = REFUSED, said, ""
