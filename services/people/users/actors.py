"""The actor's current access, for commands whose effect outlives the token they came with (`fresh` in the chassis).

A token is valid for minutes; the membership, roles or session that it names may have ended meanwhile.
"""

from __future__ import annotations

import datetime as dt

from services.chassis.errors import Forbidden
from services.chassis.handling.session import Actor
from services.people.access.model import OWN, Access
from services.people.access.repository import CompanyAccess
from services.people.keys.model import KEY_ACTOR, key_revoked
from services.people.sessions.model.sessions import session_ended
from services.people.users.repository import Users


def access_now(there: CompanyAccess, users: Users, company: str, actor: Actor, now: dt.datetime) -> Access:
    """The actor's current access in `company`; `there` is that company's.

    Raises Unauthenticated: session_ended, key_revoked, key_expired; Forbidden("membership_missing").
    """
    if not actor.id.startswith(KEY_ACTOR):
        user = users.find(actor.id)
        session = there.sessions.find(actor.session) if actor.session else None
        if user is None or session is None or session.user_id != user.id or not session.lives(user.epoch, now):
            raise session_ended()
    return access_without_sign_in(there, users, company, actor.id, now)


def access_without_sign_in(there: CompanyAccess, users: Users, company: str, actor_id: str, now: dt.datetime) -> Access:
    """As `access_now` without a session, for background work in the name of a user or a key.

    Raises Unauthenticated: session_ended (there is no such user), key_revoked, key_expired;
    Forbidden("membership_missing").
    """
    if actor_id.startswith(KEY_ACTOR):
        key = there.keys.find(actor_id.removeprefix(KEY_ACTOR))
        if key is None:
            raise key_revoked()
        key.refuse_ended(now)
        return Access.of(key.permissions, key.scopes)
    user = users.find(actor_id)
    if user is None:
        raise session_ended()
    membership = user.active_in(company)
    if membership is None:
        raise Forbidden("membership_missing", "Você não tem acesso a esta empresa.")
    access = there.roles.access_of(membership.roles)
    return Access.of({*access.permissions, OWN}, access.scopes)
