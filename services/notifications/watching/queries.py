"""Reading the watchers of a person (row N1)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.visibility import CATEGORY
from services.chassis.handling.entrypoints import query
from services.notifications.session import NotificationsSession
from services.notifications.watching import contract


@query(takes=contract.ListWatchers, gives=contract.WatcherList, needs="notifications.read", section="watchers")
def list_watchers(session: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row N1: by user id, a page at a time; who watches several of the merged persons is listed once.

    Raises NotFound("person_not_found") where the actor may not see the person, Invalid("cursor_invalid").
    """
    if session.actor.sight.narrowed(CATEGORY):
        session.persons.get(data["person_id"])
    return session.watches.page(**data)
