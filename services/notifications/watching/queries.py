"""Reading the watchers of a person, who watches whom, and the default list (row N1)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.access.visibility import CATEGORY
from services.chassis.handling.entrypoints import query
from services.notifications.session import NotificationsSession
from services.notifications.watching import contract
from services.notifications.watching.presenting import person_names, present_settings


@query(takes=contract.ListWatchers, gives=contract.WatcherPage, needs="notifications.read", section="watchers")
def list_watchers(session: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row N1: by user id, a page at a time; who watches several of the merged persons is listed once.

    Raises NotFound("person_not_found") where the actor may not see the person, Invalid("cursor_invalid").
    """
    if session.actor.sight.narrowed(CATEGORY):
        session.persons.get(data["person_id"])
    return session.watches.page(**data)


@query(takes=contract.ListWatches, gives=contract.WatchPage, needs="notifications.configure", section="watchers")
def list_watches(session: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row N1: who watches whom. Raises Invalid("cursor_invalid")."""
    found = session.watches.all(**data)
    names = person_names(session, (one.person_id for one in found["items"]))
    items = [
        {
            "user": {"id": one.user_id, "name": one.user_name},
            "person": {"id": one.person_id, "name": names.get(one.person_id, "")},
            "mode": one.mode,
            "since": one.since,
        }
        for one in found["items"]
    ]
    return {"items": items, "next_cursor": found["next_cursor"]}


@query(
    takes=contract.ListWatchChanges, gives=contract.WatchChangePage, needs="notifications.configure", section="watchers"
)  # fmt: skip
def list_watch_changes(session: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row N1: who began to watch whom, changed how, and stopped; and who was put on the default list or taken off it.

    The latest first. Raises Invalid("cursor_invalid").
    """
    found = session.watch_history.page(**data)
    names = person_names(session, (one["person_id"] for one in found["items"] if one["person_id"]))
    items = [{**one, "person": _named(one["person_id"], names)} for one in found["items"]]
    return {"items": items, "next_cursor": found["next_cursor"]}


def _named(person_id: str | None, names: dict[str, str]) -> dict[str, str] | None:
    return {"id": person_id, "name": names.get(person_id, "")} if person_id else None


@query(takes=contract.GetWatchSettings, gives=contract.WatchSettings, needs="notifications.read", section=CONFIGURATION)
def get_watch_settings(session: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    return present_settings(session, session.watch_settings.get())
