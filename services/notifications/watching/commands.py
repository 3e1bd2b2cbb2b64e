"""A user starts or stops watching a person (row N1)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import command
from services.notifications.session import NotificationsSession
from services.notifications.watching import contract
from services.notifications.watching.model import Watch


@command(takes=contract.WatchPerson, gives=contract.WatcherList, needs="notifications.write", section="watchers")
def watch_person(tx: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row N1: watching again replaces the earlier watch. Raises NotFound("person_not_found")."""
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
    """Row N1: removes the user's watch, if there is one. Raises NotFound("person_not_found")."""
    person = tx.persons.get(data["person_id"])
    tx.watches.remove(person["_id"], tx.actor.id)
    return tx.watches.page(person["_id"])
