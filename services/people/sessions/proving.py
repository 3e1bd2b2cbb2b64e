"""Verifies passwords, and counts wrong ones, which lock further tries for a time (row P9)."""

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
    """A password was verified against `password_hash`, the user's at that time; `renewal`: a new hash where due."""

    origin: Origin
    password_hash: str
    renewal: str | None = None


def prove(session: PeopleSession, data: dict[str, Any]) -> dict[str, Any]:
    """Before the transaction: replaces `login` and `password` in `data` by a `proof` that the password is right.

    A wrong password is counted here, where no rollback undoes it. Unknown logins cost the same work and writes.
    Raises Limited("sign_in_locked") or Unauthenticated("credentials_invalid").
    """
    origin = Origin(data.pop("login").lower(), data.pop("address"))
    _refuse_locked(session, origin)
    user = session.users.by_login(origin.login)
    password_hash, password = user.password_hash if user else None, data.pop("password")
    if not passwords.matches_in_thread(password_hash, password):
        _count(session, origin)
        _audit_refusal(session, user, origin.address)
        raise _invalid()
    return {
        **data,
        "proof": Proof(origin, str(password_hash), passwords.rehash_in_thread(str(password_hash), password)),
    }


def prove_own(session: PeopleSession, data: dict[str, Any]) -> dict[str, Any]:
    """As `prove`, for the signed-in user: `current` is the password."""
    login = session.users.member(session.actor.id, session.company).login
    proven = prove(session, {"login": login, "password": data.pop("current"), "address": data.pop("address")})
    return {**data, **proven}


def check(tx: PeopleSession, proof: Proof) -> User:
    """The user of a proof, inside the transaction; refused also by a lock set since the password was verified.

    Raises Limited("sign_in_locked") or Unauthenticated("credentials_invalid").
    """
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
    """Raises Limited("sign_in_locked"); `own`: ids of locks that this very try has set, which do not count."""
    counting = session.tries.applicable(origin, session.now)
    wait = max((each.wait(session.now) for each in counting if each.id not in own), default=0)
    if wait:
        detail = f"Muitas tentativas de entrada; tente novamente em {wait} segundos."
        raise Limited("sign_in_locked", detail, retry_after=wait)


def _invalid() -> Unauthenticated:
    return Unauthenticated("credentials_invalid", "Usuário ou senha inválidos.")


def _count(session: PeopleSession, origin: Origin) -> None:
    """Counts a wrong password; raises Limited("sign_in_locked") where tries counted before this one locked."""
    own = []
    for tries, locked in session.tries.fail(origin, session.now):
        if locked:
            own.append(tries.id)
            log.warning("sign-in locked", extra={"by": tries.kind, "failures": int(tries.failures)})
    _refuse_locked(session, origin, own)


def known_of(session: PeopleSession, user: User) -> list[str]:
    """Words that the user's password must not be made of: login, name, names and codes of the companies."""
    companies = [session.companies.get(company) for company in user.memberships]
    return [user.login, user.name, *(word for company in companies for word in (company.name, company.code))]


def _audit_refusal(tx: PeopleSession, user: User | None, address: str) -> None:
    """Adds one record for known and unknown logins, which take the same time; the user's first company sees it."""
    company = next(iter(user.memberships), tx.company) if user else tx.company
    who, name = (user.id, user.name) if user else ("anonymous", "anonymous")
    record = tx.audited("sign_in_refused", who, who, name, address=address)
    tx.access_in(company).audit.add(record)
