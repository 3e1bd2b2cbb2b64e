"""A company never loses its last administrator, neither by a change of a user nor by a change of a role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from services.people.access.model import ADMINISTER, Access, access_of, refuse_leaderless
from services.people.session import PeopleSession


@contextmanager
def keeping_administrators(tx: PeopleSession) -> Iterator[None]:
    """A context for changes that may take an administrator away; raises Conflict("administrator_last").

    Both of two such changes in one company write the same guard document, so that one of them runs again.
    """
    tx.access.guard_administrators()
    before = _administrators(tx)
    yield
    refuse_leaderless(before, _administrators(tx))


def _administrators(tx: PeopleSession) -> list[Access]:
    """The access of each active user who holds a role with people.administer."""
    roles = {role.id: role for role in tx.access.roles.all()}
    administering = [role.id for role in roles.values() if ADMINISTER in role.permissions]
    memberships = (user.active_in(tx.company) for user in tx.users.with_roles(tx.company, administering))
    return [
        access_of(roles[role_id] for role_id in membership.roles if role_id in roles)
        for membership in memberships
        if membership is not None
    ]
