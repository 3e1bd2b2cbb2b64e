"""Watching persons, and the delivery log (rows N1, N7)."""

from __future__ import annotations

from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.visibility import CATEGORY
from services.notifications import contract
from services.notifications.domain import Watch
from services.notifications.store import NotificationsSession


@command(takes=contract.WatchPerson, gives=contract.WatcherList, needs="notifications.write", section="watchers")
def watch_person(tx: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row N1; raises NotFound("person_not_found")."""
    person = tx.persons.get(data["person_id"])
    watch = Watch(
        user_id=tx.actor.id,
        user_name=tx.actor.name,
        email=data["email"],
        person_id=person["_id"],
        since=tx.now,
    )
    tx.watches.put(watch)
    return tx.watches.page(watch.person_id)


@command(takes=contract.UnwatchPerson, gives=contract.WatcherList, needs="notifications.write", section="watchers")
def unwatch_person(tx: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    person = tx.persons.get(data["person_id"])
    tx.watches.remove(person["_id"], tx.actor.id)
    return tx.watches.page(person["_id"])


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
