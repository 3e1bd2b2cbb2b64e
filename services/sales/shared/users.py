"""The users that a request names by id, or as `me`; and the one who acts."""

from __future__ import annotations

from services.sales.session import SalesSession
from services.sales.shared.who import Who

ME = "me"


def acting_user(tx: SalesSession) -> Who:
    return Who(tx.actor.id, tx.actor.name)


def user_of(session: SalesSession, asked: str | None) -> str | None:
    return session.actor.id if asked == ME else asked


def user_to_name(tx: SalesSession, asked: str | None) -> str | None:
    """The user to store in a record; raises NotFound("user_not_found") or Conflict("user_inactive")."""
    named = user_of(tx, asked)
    if named not in (None, tx.actor.id):
        tx.users.require(str(named))
    return named
