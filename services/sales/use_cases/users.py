"""Whom a request means by a user's id, or by `me`."""

from __future__ import annotations

from services.sales.store import SalesSession

ME = "me"


def user_of(session: SalesSession, asked: str | None) -> str | None:
    return session.actor.id if asked == ME else asked
