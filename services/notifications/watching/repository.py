"""Watches in the database, and the work of telling them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from services.chassis.pages import cursor_of, read_cursor, word
from services.chassis.storage.indexes import Index
from services.chassis.storage.tenant import TenantCollection
from services.notifications.watching.model import Watch

WATCHERS_PAGE = 200
WATCHERS_SHOWN = 100
TELLINGS = "tellings"

INDEXES = (
    Index("watches", [("person_id", 1), ("since", -1), ("_id", -1)]),
    Index("watches", [("person_id", 1), ("user_id", 1), ("since", 1), ("_id", 1)]),
    Index(TELLINGS, [("person_id", 1), ("created_at", -1), ("_id", -1)]),
)


class Watches:
    """One row a person and user. After a merge a user may have two rows for one person: the earlier one is shown."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def put(self, watch: Watch) -> None:
        self._documents.put({"_id": _watch_id(watch.person_id, watch.user_id), **asdict(watch)})

    def remove(self, person_id: str, user_id: str) -> None:
        self._documents.delete_many({"person_id": person_id, "user_id": user_id})

    def page(self, person_id: str, limit: int = WATCHERS_SHOWN, cursor: str | None = None) -> dict[str, Any]:
        after_user = read_cursor(cursor, word)[0] if cursor else ""
        found = list(islice(self.of_person(person_id, after_user), limit + 1))
        more = len(found) > limit
        return {"items": found[:limit], "next_cursor": cursor_of(found[limit - 1].user_id) if more else None}

    def of_person(self, person_id: str, after_user: str = "") -> Iterator[Watch]:
        """The watches of users whose ids come after `after_user`, by user id; read a page at a time."""
        order = [("user_id", 1), ("since", 1), ("_id", 1)]
        while True:
            found = self._documents.find(
                {"person_id": person_id, "user_id": {"$gt": after_user}}, order, WATCHERS_PAGE
            )  # fmt: skip
            for user_id, rows in groupby(found, key=itemgetter("user_id")):
                yield Watch(**{k: v for k, v in next(rows).items() if k not in ("_id", "company")})
                after_user = user_id
            if len(found) < WATCHERS_PAGE:
                return


def _watch_id(person_id: str, user_id: str) -> str:
    return f"{person_id}:{user_id}"
