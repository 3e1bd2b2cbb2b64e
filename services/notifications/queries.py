"""Who watches a person, and the delivery log (rows N1, N7)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.visibility import CATEGORY
from services.chassis.handling.entrypoints import query
from services.notifications import contract
from services.notifications.session import NotificationsSession


@query(takes=contract.ListWatchers, gives=contract.WatcherList, needs="notifications.read", section="watchers")
def list_watchers(session: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    """The first page says how to go on; a watcher of a merged person is named once."""
    if session.actor.sight.narrowed(CATEGORY):
        session.persons.get(data["person_id"])
    return session.watches.page(**data)


@query(
    takes=contract.ListDeliveries,
    gives=contract.DeliveryPage,
    needs="notifications.read",
    section=("watchers", "attendances", "opportunities"),
)
def list_deliveries(session: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    """Those of persons and conversations that the actor sees."""
    return session.deliveries.recent(**data)
