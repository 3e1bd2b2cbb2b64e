"""Watches with the names of users and persons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.notifications.session import NotificationsSession
from services.notifications.watching.model import WatchSettings


def person_names(session: NotificationsSession, person_ids: Iterable[str]) -> dict[str, str]:
    return {one["_id"]: one.get("name", "") for one in session.persons.find_many(sorted(set(person_ids)))}


def present_settings(session: NotificationsSession, settings: WatchSettings) -> dict[str, Any]:
    names = session.members.contacts(settings.default_watchers)
    watchers = [{"id": one, "name": names[one].name if one in names else ""} for one in settings.default_watchers]
    return {"default_watchers": watchers, "version": settings.version}
