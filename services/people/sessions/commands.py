"""Signing in, refreshing, signing out, and a supervisor's approval (rows P9, G3).

Commands with a password or token are secret, and only digests of these are stored.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.chassis.access.sections import ACCESS
from services.chassis.errors import Failure, Forbidden, Unauthenticated
from services.chassis.handling.entrypoints import command
from services.people.access import tokens
from services.people.access.model import OWN, access_of, supervised_by
from services.people.companies.model import Company
from services.people.session import PeopleSession
from services.people.sessions import contract
from services.people.sessions.model.sessions import SignedSession, session_ended
from services.people.sessions.proving import check, prove
from services.people.users.model import User

Data = dict[str, Any]


@command(
    takes=contract.SignIn,
    gives=contract.SignedIn,
    needs="installation.sign_in",
    section=ACCESS,
    secret=True,
    before_transaction=prove,
)
def sign_in(tx: PeopleSession, data: Data) -> Data:
    """Raises credentials_invalid, sign_in_locked, company_required or membership_missing."""
    user = check(tx, data["proof"])
    asked = data["company"] is not None
    known = tx.companies.by_code(data["company"]) if asked else None
    company_id, _ = user.choose_company(known.id if known else None, asked)
    company = known or tx.companies.get(company_id)
    there, session_id = tx.access_in(company.id), tx.new_id()
    token, digest = tokens.make(tokens.REFRESH, company.id, session_id)
    session = SignedSession.begin(session_id, user.id, user.epoch, digest, tx.now, _idle(company))
    there.sessions.add(session)
    there.audit.add(tx.audited("signed_in", user.id, user.id, user.name, address=data["proof"].origin.address))
    return _signed_in(tx, user, company, session, token)


@command(
    takes=contract.RefreshSession, gives=contract.SignedIn, needs="installation.sign_in", section=ACCESS, secret=True
)
def refresh_session(tx: PeopleSession, data: Data) -> Data | Failure:
    """The next refresh token and the user's current access.

    Refuses with session_ended, or with session_reused for an old token, which ends the session. A token that was used
    within the last 30 seconds gives the same next token again, because an answer may be lost, and two windows of a
    browser may refresh at once.
    """
    token = tokens.read(tokens.REFRESH, data["refresh_token"])
    there = tx.access_in(token.company) if token else None
    session = there.sessions.find(token.record) if there and token else None
    if token is None or there is None or session is None:
        return session_ended()
    user, used = tx.users.get(session.user_id), data["refresh_token"]
    successor = session.successor_of(token.digest, tx.now)
    if successor is None and not session.is_newest(token.digest):
        there.sessions.end(session.id)
        there.audit.add(tx.audited("session_reused", user.id, user.id, user.name, address=data["address"]))
        detail = "Esta sessão foi encerrada porque um código antigo foi usado outra vez; entre novamente."
        return Unauthenticated("session_reused", detail)
    if not session.lives(user.epoch, tx.now) or user.active_in(token.company) is None:
        there.sessions.end(session.id)
        return session_ended()
    company = tx.companies.get(token.company)
    if successor is not None:
        return _signed_in(tx, user, company, session, tokens.decrypt_under(successor, used))
    following, digest = tokens.make(tokens.REFRESH, company.id, session.id)
    session.rotate(digest, tokens.encrypt_under(following, used), tx.now, _idle(company))
    there.sessions.save(session)
    return _signed_in(tx, user, company, session, following)


@command(takes=contract.SignOut, gives=contract.SignedOut, needs=OWN, section=ACCESS)
def sign_out(tx: PeopleSession, data: Data) -> Data:
    """Ends the session; repeating it changes nothing."""
    session = tx.access.sessions.find(data["session_id"])
    if session is not None and session.user_id == tx.actor.id:
        tx.access.sessions.end(session.id)
        tx.audit("signed_out", tx.actor.id)
    return data


@command(
    takes=contract.ApproveAction,
    gives=contract.Approval,
    needs=OWN,
    section=ACCESS,
    secret=True,
    before_transaction=prove,
    fresh=True,
)
def approve_action(tx: PeopleSession, data: Data) -> Data | Failure:
    """Row G3: a supervisor approves, with their own credentials, what the signed-in user is about to do.

    Refuses with credentials_invalid, sign_in_locked, supervisor_required or action_unknown.
    """
    permission = supervised_by(data["action"])
    supervisor = check(tx, data["proof"])
    approved = {name: data[name] for name in ("action", "subject", "digest")}
    about = {**approved, "for": tx.actor.id}
    membership = supervisor.active_in(tx.company)
    if membership is None or permission not in tx.access.roles.access_of(membership.roles).permissions:
        tx.audit("approval_refused", supervisor.id, **about)
        return Forbidden("supervisor_required", "Este usuário não pode aprovar como supervisor nesta empresa.")
    approval_id = tx.new_id()
    record = tx.audited("approved", approval_id, supervisor.id, supervisor.name, **about)
    tx.access.audit.add(record)
    return {
        "id": approval_id,
        "supervisor_id": supervisor.id,
        "supervisor_name": supervisor.name,
        **approved,
        "seconds": tx.companies.get(tx.company).setting("approval_seconds"),
    }


def _signed_in(tx: PeopleSession, user: User, company: Company, session: SignedSession, token: str) -> Data:
    membership = user.memberships[company.id]
    held = tx.access_in(company.id).roles.existing(membership.roles)
    access = access_of(held)
    return {
        "user_id": user.id,
        "user_name": user.name,
        "login": user.login,
        "person_id": membership.person_id,
        "person_name": tx.name_of_own(company.id, membership.person_id),
        "company": company.id,
        "company_name": company.name,
        "time_zone": company.time_zone,
        "roles": [{"id": role.id, "name": role.name} for role in held],
        "permissions": sorted({*access.permissions, OWN}),
        "scopes": access.scopes,
        "session_id": session.id,
        "refresh_token": token,
        "refresh_expires_at": session.expires_at,
    }


def _idle(company: Company) -> dt.timedelta:
    return dt.timedelta(hours=company.setting("session_hours"))
