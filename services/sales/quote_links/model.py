"""The customer's page of a quote: the secret links that open it, and the customers' answers (row S25).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Conflict, NotFound
from services.sales.quotes.model import APPROVED, IN_APPROVAL, REJECTED, Quote
from services.sales.shared.who import Who

# The kind of the link's token (chassis/access/tokens.py): /q/vq_...
KIND = "vq"
USUAL_DAYS, MOST_DAYS = 30, 365
MOST_LIVE, MOST_QUESTIONS = 20, 20
ACCEPTED, REFUSED, ASKED = ANSWER_KINDS = ("accepted", "refused", "asked")
LIVE, EXPIRED, REVOKED = LINK_STATES = ("live", "expired", "revoked")
# The states of the version that the page shows.
OPEN, TAKEN, DECLINED, OVERDUE = PAGE_STATES = ("open", "accepted", "refused", "expired")
CUSTOMER = Who("customer", "Cliente")


@dataclass
class QuoteLink:
    """A link to one quote, which shows its current version. `digest`: of the secret, which is not stored."""

    id: str
    quote_id: str
    person_id: str
    attendance_id: str
    digest: str
    created_at: dt.datetime
    created_by: Who
    expires_at: dt.datetime
    revoked_at: dt.datetime | None = None
    revoked_by: Who | None = None
    version: int = 1

    def state(self, now: dt.datetime) -> str:
        if self.revoked_at is not None:
            return REVOKED
        return LIVE if now < self.expires_at else EXPIRED

    def open(self, digest: str, now: dt.datetime) -> None:
        """Raises NotFound: quote_link_not_found for a wrong secret, quote_link_revoked, quote_link_expired."""
        if not hmac.compare_digest(self.digest, digest):
            raise link_not_found()
        if self.state(now) == REVOKED:
            raise NotFound("quote_link_revoked", "Este link foi cancelado pela empresa.")
        if self.state(now) == EXPIRED:
            raise NotFound("quote_link_expired", "Este link venceu; peça outro à empresa.")

    def revoke(self, by: Who, now: dt.datetime) -> bool:
        """Revokes the link; False if it was revoked before."""
        if self.revoked_at is not None:
            return False
        self.revoked_at, self.revoked_by = now, by
        return True


@dataclass(frozen=True)
class QuoteAnswer:
    """A customer's answer; never changed, as it is evidence. `at` in UTC; `address`: the IP address.

    `document_hash`: of the version that the customer saw (`hash_of`).
    """

    id: str
    quote_id: str
    link_id: str
    person_id: str
    attendance_id: str
    kind: str
    number: int
    name: str
    comment: str
    document_hash: str
    at: dt.datetime
    address: str
    user_agent: str


def link_not_found() -> NotFound:
    return NotFound("quote_link_not_found", "Este link não existe.")


def refuse_more(live: int) -> None:
    """Raises Conflict("quote_links_full")."""
    if live >= MOST_LIVE:
        raise Conflict("quote_links_full", f"A proposta já tem {MOST_LIVE} links válidos; cancele os antigos.")


def page_state(quote: Quote, today: dt.date) -> str:
    """The state, one of PAGE_STATES, of the quote's current version on `today`."""
    valid_until = quote.current.offer.valid_until
    if quote.status == IN_APPROVAL:
        return OVERDUE if valid_until is not None and valid_until < today else OPEN
    return {APPROVED: TAKEN, REJECTED: DECLINED}[quote.status]


def is_repeated_decision(answers: Sequence[QuoteAnswer], quote: Quote, kind: str, number: int) -> bool:
    """Whether the customer decided the same about the same version before, and it is still decided so.

    A question is no decision: it may be repeated.
    """
    if kind == ASKED:
        return False
    status = APPROVED if kind == ACCEPTED else REJECTED
    if quote.current.number != number or quote.status != status:
        return False
    return any(answer.kind == kind and answer.number == number for answer in answers)


def refuse_more_questions(answers: Sequence[QuoteAnswer]) -> None:
    """Raises Conflict("quote_questions_too_many")."""
    if sum(answer.kind == ASKED for answer in answers) >= MOST_QUESTIONS:
        raise Conflict("quote_questions_too_many", "Há perguntas demais nesta página; fale com a empresa.")


def hash_of(quote_id: str, shown: Mapping[str, Any]) -> str:
    """SHA-256 in hex of a version's fields, as JSON in one canonical form."""
    canonical = json.dumps({"quote_id": quote_id, **shown}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
