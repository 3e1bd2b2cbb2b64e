"""Mailings to many persons (row N6): what is written, how a mailing goes, and who receives it.

Pure: no framework, store, transport or clock. Times are UTC.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.chassis.errors import Conflict
from services.chassis.texts import fold_name
from services.notifications.deliveries.model import (
    DEAD,
    OPTED_OUT,
    QUEUED,
    SENT,
    SUPPRESSED,
    Delivery,
    delivery_id,
)

KINDS = FOLDER, AFTER_SALE, BULLETIN, PRICE_ADJUSTMENT, FREE = (
    "folder", "after_sale", "bulletin", "price_adjustment", "free"
)  # fmt: skip
# The purpose of the consents that a kind asks for unless its author says another one.
MARKETING, SERVICE, BILLING = "marketing", "service", "billing"
PURPOSES = {FOLDER: MARKETING, AFTER_SALE: SERVICE, BULLETIN: MARKETING, PRICE_ADJUSTMENT: BILLING, FREE: MARKETING}
# Purposes of a contract with the person: they need no consent, and end with its withdrawal. All others need one.
WITHOUT_CONSENT = frozenset((SERVICE, BILLING))
STATES = DRAFT, GATHERING, READY, SENDING, PAUSED, DONE, CANCELLED = (
    "draft", "gathering", "ready", "sending", "paused", "done", "cancelled"
)  # fmt: skip
ORDERS = NAME, CITY, POSTAL_CODE, CODE = ("name", "city", "postal_code", "code")
# What became of a recipient. `waiting`: no mail is made yet; `queued`: one is in line or is tried again; `letter`: has
# a post address and no e-mail; the others end it.
WAITING, LETTER = "waiting", "letter"
OUTCOMES = (WAITING, QUEUED, SENT, DEAD, SUPPRESSED, LETTER, CANCELLED)
EMAIL, POST = CHANNELS = ("email", "post")
# Why nothing goes to somebody; besides OPTED_OUT and what is found when it is sent (NotificationsSession.forbidden).
CONSENT_MISSING, ADDRESS_MISSING, DUPLICATE = ("consent_missing", "address_missing", "address_repeated")
# Of a token (chassis/access/tokens.py): in /u/vm_...
LINK = "vm"
PURPOSE_WORDS = {MARKETING: "divulgação e ofertas", SERVICE: "atendimento", BILLING: "cobrança e reajustes"}


@dataclass
class Mailing:
    """One text to many persons.

    `responsible`: the company that answers for it, as recipients read it. `filter`: of people's persons
    (contract.AudienceFilter). `gathering_id`: the gathering whose persons are its recipients; `batches` of it have
    come, of `batches_total` once the last one is known. `counts`: recipients by outcome. `problem`: why the last
    gathering found nobody. `seed`: what its opt-out links are signed with.
    """

    id: str
    kind: str
    subject: str
    text: str
    header: str
    responsible: str
    purpose: str
    order: str
    filter: dict[str, Any]
    created_by: str
    created_by_name: str
    created_at: dt.datetime
    updated_at: dt.datetime
    state: str = DRAFT
    gathering_id: str | None = None
    batches: int = 0
    batches_total: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    problem: str | None = None
    link_base: str = ""
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    next_at: dt.datetime | None = None
    seed: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    version: int = 1

    def change(self, changes: Mapping[str, Any], now: dt.datetime) -> None:
        """Changes these fields of a draft; raises Conflict("mailing_not_draft")."""
        self._require(DRAFT, "mailing_not_draft", "Só um rascunho pode ser alterado; faça uma cópia.")
        for name, value in changes.items():
            setattr(self, name, value)
        self.updated_at = now

    def gather(self, gathering_id: str) -> None:
        """Raises Conflict("mailing_not_draft")."""
        self._require(DRAFT, "mailing_not_draft", "Os destinatários desta mala direta já foram reunidos.")
        self.state, self.gathering_id, self.problem = GATHERING, gathering_id, None
        self.batches, self.batches_total, self.counts = 0, None, {}

    def is_gathering(self, gathering_id: str) -> bool:
        """Whether this gathering still runs; batches of an earlier one do not count."""
        return self.state == GATHERING and self.gathering_id == gathering_id

    def add_batch(self, number: int, last: bool, counts: Mapping[str, int]) -> None:
        """Counts a batch of recipients. Batches come once each, in any order.

        After all of them the mailing is ready.
        """
        self.batches += 1
        self.count(counts)
        if last:
            self.batches_total = number
        if self.batches == self.batches_total:
            self.state = READY

    def give_up_gathering(self, problem: str) -> None:
        """Makes it a draft again, after people refused; `problem` says why."""
        self.state, self.problem, self.counts, self.gathering_id = DRAFT, problem, {}, None

    def start(self, link_base: str, now: dt.datetime) -> None:
        """Raises Conflict: mailing_not_ready, mailing_nobody."""
        self._require(READY, "mailing_not_ready", "A mala direta não está pronta para envio.")
        if not self.counts.get(WAITING):
            raise Conflict("mailing_nobody", "Ninguém receberia esta mala direta por e-mail.")
        self.state, self.link_base, self.started_at, self.next_at = SENDING, link_base, now, now

    def pause(self) -> None:
        """Stops all sending, retries too, except of mails that a server has accepted.

        Raises Conflict("mailing_not_sending").
        """
        self._require(SENDING, "mailing_not_sending", "A mala direta não está sendo enviada.")
        self.state = PAUSED

    def resume(self, now: dt.datetime) -> None:
        """Raises Conflict("mailing_not_paused")."""
        self._require(PAUSED, "mailing_not_paused", "A mala direta não está pausada.")
        self.state, self.next_at = SENDING, now

    def cancel(self, now: dt.datetime) -> None:
        """For good. Raises Conflict("mailing_over")."""
        if self.state in (DONE, CANCELLED):
            raise Conflict("mailing_over", "A mala direta já terminou.")
        self.state, self.ended_at, self.next_at = CANCELLED, now, now

    def finish(self, now: dt.datetime) -> None:
        """Ends the mailing after its last recipient."""
        if self.state == SENDING:
            self.state, self.ended_at = DONE, now

    def count(self, changes: Mapping[str, int]) -> None:
        self.counts = {
            one: self.counts.get(one, 0) + changes.get(one, 0)
            for one in OUTCOMES
            if self.counts.get(one, 0) + changes.get(one, 0)
        }

    def copy(self, mailing_id: str, by: tuple[str, str], now: dt.datetime) -> Mailing:
        """A new draft with the same text and audience. `by`: id and name of who copies."""
        names = ("kind", "subject", "text", "header", "responsible", "purpose", "order", "filter")
        same: dict[str, Any] = {name: getattr(self, name) for name in names}
        who: dict[str, Any] = {"created_by": by[0], "created_by_name": by[1], "created_at": now, "updated_at": now}
        return Mailing(id=mailing_id, **same, **who)

    def token(self, company: str, recipient_id: str) -> str:
        """The token of one recipient's opt-out page; signed, and stored nowhere."""
        return f"{LINK}_{company}.{recipient_id}.{self._signature(recipient_id)}"

    def is_own_signature(self, recipient_id: str, digest: str) -> bool:
        """Whether the digest (tokens.Token) is of the token that we signed for this recipient."""
        own = hashlib.sha256(self._signature(recipient_id).encode()).hexdigest()
        return hmac.compare_digest(own, digest)

    def _signature(self, recipient_id: str) -> str:
        raw = hmac.digest(self.seed.encode(), recipient_id.encode(), "sha256")
        return urlsafe_b64encode(raw).rstrip(b"=").decode()

    def _require(self, state: str, code: str, detail: str) -> None:
        if self.state != state:
            raise Conflict(code, detail, state=self.state)


@dataclass
class Recipient:
    """A person of a mailing. `place` is theirs in the chosen order; `delivery_id` that of their mail, if one is meant
    for them; `reason`: why nothing is sent, or what the server said."""

    id: str
    mailing_id: str
    person_id: str
    name: str
    code: int
    email: str | None
    address: dict[str, str] | None
    place: str
    outcome: str
    channel: str | None
    created_at: dt.datetime
    reason: str | None = None
    delivery_id: str | None = None
    ended_at: dt.datetime | None = None

    @property
    def address_key(self) -> str | None:
        """The same for equal addresses; None without an address."""
        return self.email.lower() if self.email else None


def outcome_of(delivery: Delivery) -> tuple[str, str | None]:
    """The outcome of a recipient by their mail, and the reason."""
    if delivery.status in (DEAD, SUPPRESSED):
        return delivery.status, delivery.last_error
    return (SENT if delivery.finished else QUEUED), None


def recipients_of(
    mailing: Mailing, told: Collection[Mapping[str, Any]], taken: Collection[str], now: dt.datetime
) -> list[Recipient]:
    """The persons of a batch as recipients. `taken`: addresses that others of the mailing have already."""
    known, made = set(taken), []
    for person in told:
        recipient = _recipient(mailing, person, now)
        if recipient.outcome == WAITING:
            if recipient.address_key in known:
                recipient.outcome, recipient.reason, recipient.delivery_id = SUPPRESSED, DUPLICATE, None
            known.add(recipient.address_key or "")
        made.append(recipient)
    return made


def _recipient(mailing: Mailing, person: Mapping[str, Any], now: dt.datetime) -> Recipient:
    channel, reason = _channel_of(mailing.purpose, person)
    recipient_id = delivery_id(mailing.gathering_id or "", person["person_id"])
    outcome = SUPPRESSED if reason else WAITING if channel == EMAIL else LETTER
    return Recipient(
        id=recipient_id,
        mailing_id=mailing.id,
        person_id=person["person_id"],
        name=person["name"],
        code=person["code"],
        email=person["email"],
        address=person["address"],
        place=place_of(mailing.order, person),
        outcome=outcome,
        channel=channel,
        created_at=now,
        reason=reason,
        delivery_id=delivery_id(mailing.id, person["email"]) if outcome == WAITING else None,
    )


def _channel_of(purpose: str, person: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The channel to the person, and why nothing may be sent over it, or None."""
    if person["email"]:
        return EMAIL, _refusal(purpose, person["email_consent"])
    if person["address"]:
        return POST, _refusal(purpose, person["post_consent"])
    return None, ADDRESS_MISSING


def _refusal(purpose: str, consent: bool | None) -> str | None:
    if consent is False:
        return OPTED_OUT
    return CONSENT_MISSING if consent is None and purpose not in WITHOUT_CONSENT else None


def place_of(order: str, person: Mapping[str, Any]) -> str:
    """The sort key in the chosen order; equal places are sorted by name."""
    address, name = person["address"] or {}, fold_name(person["name"])
    if order == CITY:
        parts = (fold_name(address.get("state", "")), fold_name(address.get("city", "")), name)
    elif order == POSTAL_CODE:
        parts = ("".join(filter(str.isalnum, address.get("postal_code", ""))), "", name)
    elif order == CODE:
        parts = (f"{person['code']:010d}", "", name)
    else:
        parts = (name, "", "")
    return "\x1f".join(parts)[:300]
