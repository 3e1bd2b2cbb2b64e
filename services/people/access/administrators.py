"""A company never loses its last administrator: neither deactivated, nor demoted, nor by a role that changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from services.people.access.model import ADMINISTER, Access, access_of, refuse_leaderless
from services.people.session import PeopleSession


@contextmanager
def keeping_administrators(tx: PeopleSession) -> Iterator[None]:
    """Around what may take an administrator away; raises Conflict("administrator_last").

    Two such changes of one company are never made at once: the guard that both write makes one of them run again.
    """
    tx.access.guard_administrators()
    before = _administrators(tx)
    yield
    refuse_leaderless(before, _administrators(tx))


def _administrators(tx: PeopleSession) -> list[Access]:
    """What each active user may do who holds a role that administers."""
    roles = {role.id: role for role in tx.access.roles.all()}
    administering = [role.id for role in roles.values() if ADMINISTER in role.permissions]
    held = (user.active_in(tx.company) for user in tx.users.with_roles(tx.company, administering))
    return [access_of(roles[one] for one in found.roles if one in roles) for found in held if found is not None]
