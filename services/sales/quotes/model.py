"""Quotes and their versions: only the current one can be approved or sent (row S11).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from services.chassis.errors import Conflict, NotFound
from services.sales.shared.items import Basket
from services.sales.shared.terms import Terms

IN_APPROVAL, APPROVED, REJECTED, VOID = QUOTE_STATUSES = ("in_approval", "approved", "rejected", "void")
MOST_VERSIONS = 100


@dataclass(frozen=True)
class Offer:
    """The content of a version; any difference makes a new version."""

    basket: Basket
    terms: Terms = field(default_factory=Terms)
    valid_until: dt.date | None = None
    notes: str = ""
    currency: str = "BRL"
    # whether its NF-e is requested on approval
    nfe: bool = False

    def refuse_impossible_terms(self) -> None:
        """Raises Invalid("instalment_too_small") if the terms could not become receivables."""
        self.terms.instalments(self.basket.total, dt.date.min)


@dataclass(frozen=True)
class QuoteVersion:
    """An offer as it was made, with its status and decision."""

    number: int
    offer: Offer
    status: str
    author_id: str
    author_name: str
    made_at: dt.datetime
    decided_at: dt.datetime | None = None
    decided_by: str | None = None
    reason: str = ""
    decided_by_id: str | None = None


@dataclass(frozen=True)
class Sent:
    """The last sending of a version to the customer."""

    number: int
    recipients: tuple[str, ...]
    by: str
    at: dt.datetime
    by_id: str | None = None


@dataclass
class Quote:
    """A proposal in a conversation; `number`: its number for people. `versions`: the oldest first."""

    id: str
    number: int
    person_id: str
    attendance_id: str
    opportunity_id: str | None
    created_at: dt.datetime
    versions: list[QuoteVersion] = field(default_factory=list)
    order_id: str | None = None
    last_sent: Sent | None = None
    version: int = 1

    @property
    def current(self) -> QuoteVersion:
        return self.versions[-1]

    @property
    def status(self) -> str:
        return self.current.status

    def offer(self, offer: Offer, author_id: str, author_name: str, at: dt.datetime) -> QuoteVersion:
        """Adds a new current version; earlier ones become void, but for rejected ones. The same offer changes nothing.

        Raises Conflict("quote_ordered") once it has an order, Conflict("quote_versions_too_many").
        """
        if self.order_id is not None:
            raise Conflict("quote_ordered", "Esta proposta já virou venda; cancele a venda ou crie outra proposta.")
        if self.versions and self.current.offer == offer and self.status == IN_APPROVAL:
            return self.current
        if len(self.versions) >= MOST_VERSIONS:
            raise Conflict("quote_versions_too_many", f"Uma proposta tem no máximo {MOST_VERSIONS} versões.")
        self.versions = [_voided(version) for version in self.versions]
        made = QuoteVersion(len(self.versions) + 1, offer, IN_APPROVAL, author_id, author_name, at)
        self.versions.append(made)
        return made

    def approve(
        self, number: int, order_id: str, by: str, at: dt.datetime, today: dt.date, by_id: str | None = None
    ) -> QuoteVersion:
        """Raises Conflict("quote_version_void", "quote_not_in_approval" or "quote_expired")."""
        _must_be_valid(self._require_undecided(number).offer, today)
        self.order_id = order_id
        return self._decide(APPROVED, by, at, by_id)

    def reject(self, number: int, reason: str, by: str, at: dt.datetime, by_id: str | None = None) -> QuoteVersion:
        """Raises Conflict("quote_version_void") or Conflict("quote_not_in_approval")."""
        self._require_undecided(number)
        return self._decide(REJECTED, by, at, by_id, reason)

    def version_to_send(self, number: int, today: dt.date) -> QuoteVersion:
        """The version to show to the customer: in approval and valid, or approved.

        Raises Conflict("quote_version_void", "quote_rejected" or "quote_expired").
        """
        self._must_be_current(number)
        if self.status == REJECTED:
            raise Conflict("quote_rejected", "Esta versão foi rejeitada; faça uma nova versão.")
        if self.status == IN_APPROVAL:
            _must_be_valid(self.current.offer, today)
        return self.current

    def version_numbered(self, number: int | None) -> QuoteVersion:
        """A version to read, by default the current one; raises NotFound("quote_version_not_found")."""
        if number is None:
            return self.current
        if not 1 <= number <= len(self.versions):
            raise NotFound("quote_version_not_found", f"A proposta não tem a versão {number}.")
        return self.versions[number - 1]

    def release(self) -> None:
        """Lets the quote be revised again, once its order is cancelled or deleted."""
        self.order_id = None

    def _must_be_current(self, number: int) -> None:
        if number != self.current.number:
            detail = f"A versão {number} foi substituída pela versão {self.current.number}."
            raise Conflict("quote_version_void", detail, current=self.current.number)

    def _require_undecided(self, number: int) -> QuoteVersion:
        self._must_be_current(number)
        if self.status != IN_APPROVAL:
            raise Conflict("quote_not_in_approval", "Esta versão já foi aprovada ou rejeitada.", status=self.status)
        return self.current

    def _decide(self, status: str, by: str, at: dt.datetime, by_id: str | None, reason: str = "") -> QuoteVersion:
        decided = replace(self.current, status=status, decided_at=at, decided_by=by, decided_by_id=by_id, reason=reason)
        self.versions[-1] = decided
        return decided


def _must_be_valid(offer: Offer, today: dt.date) -> None:
    if offer.valid_until is not None and offer.valid_until < today:
        raise Conflict("quote_expired", f"A proposta venceu em {offer.valid_until:%d/%m/%Y}; faça uma nova versão.")


def _voided(version: QuoteVersion) -> QuoteVersion:
    return version if version.status == REJECTED else replace(version, status=VOID)
