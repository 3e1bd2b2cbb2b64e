"""Whom a request means by a user's id, or by `me`."""

from __future__ import annotations

from services.sales.session import SalesSession

ME = "me"


def user_of(session: SalesSession, asked: str | None) -> str | None:
    return session.actor.id if asked == ME else asked


def user_to_name(tx: SalesSession, asked: str | None) -> str | None:
    """The same, for a record: raises NotFound("user_not_found") or Conflict("user_inactive")."""
    named = user_of(tx, asked)
    if named not in (None, tx.actor.id):
        tx.users.require(str(named))
    return named
