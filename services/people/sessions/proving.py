"""Whether a password is right, and how long the next try waits (row P9)."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Limited, Unauthenticated
from services.people.session import PeopleSession
from services.people.sessions import passwords
from services.people.sessions.repository import Origin
from services.people.users.model import User

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Proof:
    """That the slow hash found a password right, for the hash that the user had then; its `renewal`, where due."""

    origin: Origin
    password_hash: str
    renewal: str | None = None


def prove(session: PeopleSession, data: dict[str, Any]) -> dict[str, Any]:
    """Before the transaction: `password` of `login` becomes a `proof` that it was right.

    A wrong one is counted here, where nothing rolls it back. Unknown logins cost the same work and the same writing.
    Raises Limited("sign_in_locked") or Unauthenticated("credentials_invalid").
    """
    origin = Origin(data.pop("login").lower(), data.pop("address"))
    _refuse_locked(session, origin)
    user = session.users.by_login(origin.login)
    known, password = user.password_hash if user else None, data.pop("password")
    if not passwords.matches_aside(known, password):
        _count(session, origin)
        _audit_refusal(session, user, origin.address)
        raise _invalid()
    return {**data, "proof": Proof(origin, str(known), passwords.renewed_aside(str(known), password))}


def prove_own(session: PeopleSession, data: dict[str, Any]) -> dict[str, Any]:
    """`current` of who is signed in."""
    login = session.users.member(session.actor.id, session.company).login
    proven = prove(session, {"login": login, "password": data.pop("current"), "address": data.pop("address")})
    return {**data, **proven}


def check(tx: PeopleSession, proof: Proof) -> User:
    """The user. Of many guesses at once even a right one is told nothing if those counted before it lock."""
    _refuse_locked(tx, proof.origin)
    user = tx.users.by_login(proof.origin.login)
    if user is None or not user.is_proven_by(proof.password_hash):
        raise _invalid()
    if proof.renewal is not None and user.password_hash == proof.password_hash:
        user.renew_hash(proof.renewal)
        tx.users.save(user)
    tx.tries.succeed(proof.origin, tx.now)
    return user


def _refuse_locked(session: PeopleSession, origin: Origin, own: Collection[str] = ()) -> None:
    """`own`: locks that this very try has set, and may still be told of; raises Limited("sign_in_locked")."""
    counting = session.tries.that_count(origin, session.now)
    wait = max((each.wait(session.now) for each in counting if each.id not in own), default=0)
    if wait:
        detail = f"Muitas tentativas de entrada; tente novamente em {wait} segundos."
        raise Limited("sign_in_locked", detail, retry_after=wait)


def _invalid() -> Unauthenticated:
    return Unauthenticated("credentials_invalid", "Usuário ou senha inválidos.")


def _count(session: PeopleSession, origin: Origin) -> None:
    """Raises Limited("sign_in_locked") where others were counted first, and locked."""
    own = []
    for tries, locked in session.tries.fail(origin, session.now):
        if locked:
            own.append(tries.id)
            log.warning("sign-in locked", extra={"by": tries.kind, "failures": int(tries.failures)})
    _refuse_locked(session, origin, own)


def known_of(session: PeopleSession, user: User) -> list[str]:
    """What a password of the user must not be made of: login, name, the companies."""
    companies = [session.companies.get(company) for company in user.memberships]
    return [user.login, user.name, *(word for company in companies for word in (company.name, company.code))]


def _audit_refusal(tx: PeopleSession, user: User | None, address: str) -> None:
    """One record, whoever it was, so that time tells nothing; where the user's first company sees it."""
    company = next(iter(user.memberships), tx.company) if user else tx.company
    who, name = (user.id, user.name) if user else ("anonymous", "anonymous")
    record = tx.audited("sign_in_refused", who, who, name, address=address)
    tx.access_in(company).audit.add(record)
