"""A user starts, changes or stops watching a person; the company's default list (row N1)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.notifications.session import NotificationsSession
from services.notifications.watching import contract
from services.notifications.watching.model import CHANGED, LISTED, STARTED, STOPPED, UNLISTED, Watch
from services.notifications.watching.presenting import present_settings


@command(takes=contract.WatchPerson, gives=contract.WatcherPage, needs="notifications.write", section="watchers")
def watch_person(tx: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row N1: watching again replaces the earlier watch. Raises NotFound("person_not_found")."""
    person = tx.persons.get(data["person_id"])
    known = tx.watches.find(person["_id"], tx.actor.id)
    watch = Watch(
        user_id=tx.actor.id,
        user_name=tx.actor.name,
        email=data["email"],
        person_id=person["_id"],
        since=known.since if known else tx.now,
        mode=data["mode"],
        own_actions=data["own_actions"],
    )
    tx.watches.put(watch)
    if known is None or known.mode != watch.mode:
        tx.watch_history.add(tx.new_id(), watch, CHANGED if known else STARTED, tx.now)
    return tx.watches.page(watch.person_id)


@command(takes=contract.UnwatchPerson, gives=contract.WatcherPage, needs="notifications.write", section="watchers")
def unwatch_person(tx: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row N1: removes the user's watch, if there is one. Raises NotFound("person_not_found")."""
    person = tx.persons.get(data["person_id"])
    known = tx.watches.find(person["_id"], tx.actor.id)
    if known is not None:
        tx.watches.remove(person["_id"], tx.actor.id)
        tx.watch_history.add(tx.new_id(), known, STOPPED, tx.now)
    return tx.watches.page(person["_id"])


@command(
    takes=contract.ChangeWatchSettings,
    gives=contract.WatchSettings,
    needs="notifications.configure",
    section=CONFIGURATION,
)
def change_watch_settings(tx: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    """Raises Conflict("user_inactive", users) for one who is not an active user here."""
    ids = list(dict.fromkeys(data["default_watcher_ids"]))
    known = tx.members.known(ids)
    missing = [one for one in ids if one not in known or not known[one].active]
    if missing:
        raise Conflict("user_inactive", "Só usuários ativos da empresa podem estar na lista.", users=missing)
    settings = tx.watch_settings.get()
    _record_list_changes(tx, settings.default_watchers, ids)
    settings.default_watchers = ids
    tx.watch_settings.save(settings)
    tx.after_commit.append(tx.watch_settings.forget)
    return present_settings(tx, settings)


def _record_list_changes(tx: NotificationsSession, before: list[str], after: list[str]) -> None:
    """Adds to the history who was put on the default list or taken off it."""
    changed = [(one, LISTED) for one in after if one not in before]
    for user_id, change in [*changed, *((one, UNLISTED) for one in before if one not in after)]:
        tx.watch_history.add_listed(tx.new_id(), user_id, change, tx.actor, tx.now)
