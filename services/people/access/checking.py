"""Checks whether an actor may give an access, or change a user who has it (row P9)."""

from __future__ import annotations

from collections.abc import Iterable

from services.people.access.model import Access
from services.people.session import PeopleSession
from services.people.users.model import User


def access_in_company(session: PeopleSession, user_id: str) -> Access | None:
    """The access of an active member; None for anybody else."""
    user = session.users.find(user_id)
    membership = user.active_in(session.company) if user else None
    return session.access.roles.access_of(membership.roles) if membership else None


def own_access(tx: PeopleSession) -> Access:
    return Access.of(tx.actor.permissions, tx.actor.scopes)


def refuse_beyond_own(tx: PeopleSession, role_ids: Iterable[str]) -> None:
    """Raises Forbidden("grant_exceeds_own") or Invalid("role_unknown")."""
    for role in tx.access.roles.many(role_ids):
        own_access(tx).refuse_beyond(role.access)


def refuse_outranked(tx: PeopleSession, user: User) -> None:
    """Nobody changes the access of a user who may do more; raises Forbidden("grant_exceeds_own")."""
    own_access(tx).refuse_beyond(tx.access.roles.access_of(user.memberships[tx.company].roles))
