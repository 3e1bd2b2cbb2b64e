"""Requests to the tax authority beside documents (correction letters, voided numbers), and their states.

No framework, store or clock may enter.
"""

from __future__ import annotations

from typing import Protocol

from services.sales.nfe.model.nfe import Said

REQUESTED, REGISTERED, REFUSED = REQUEST_STATES = ("requested", "registered", "refused")


class AuthorityRequest(Protocol):
    """`said`: the authority's answer; `trouble`: why it was not reached."""

    state: str
    said: Said | None
    trouble: str


def register(request: AuthorityRequest, said: Said) -> None:
    request.state, request.said, request.trouble = REGISTERED, said, ""


def refuse(request: AuthorityRequest, said: Said) -> None:
    request.state, request.said, request.trouble = REFUSED, said, ""
