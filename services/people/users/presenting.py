"""Presents a user to the administrators of a company, and to colleagues."""

from __future__ import annotations

from typing import Any

from services.people.session import PeopleSession
from services.people.users.model import User

Data = dict[str, Any]


def with_keys(session: PeopleSession, user: User) -> Data:
    return {**present_user(session, user), "live_keys": len(session.access.keys.live_of(user.id, session.now))}


def present_user(session: PeopleSession, user: User) -> Data:
    """The user as a member of this company; `shared` says whether there are others, and nothing else of them."""
    return {"id": user.id, "login": user.login, "shared": user.shared, **user.seen_by(session.company)}


def present_colleague(session: PeopleSession, user: User) -> Data:
    return {"id": user.id, "name": user.name, "active": user.active_in(session.company) is not None}
