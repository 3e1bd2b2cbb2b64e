"""Watches in the database, their history and settings, the queued batches of mails, and digests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.chassis.counting import MOST_COUNTED
from services.chassis.errors import ConcurrentUpdate
from services.chassis.handling.session import Actor
from services.chassis.jobs.retention import Retention
from services.chassis.pages import after, cursor_of, page, read_cursor, word
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant, TenantCollection
from services.notifications.watching.model import AT_ONCE, DigestItem, Watch, WatchSettings

WATCHERS_PAGE = 200
WATCHERS_SHOWN = 100
TELLINGS, DIGESTS, ITEMS, HISTORY = "tellings", "digests", "digest_items", "watch_changes"
# A digest has this many items at most; further ones come with the next digest.
MOST_ITEMS = 200
# A digest is sent this long after it is due, so that the items of the last moments are stored by then.
GRACE = dt.timedelta(seconds=30)

NEWEST = [("at", -1), ("_id", -1)]
INDEXES = (
    Index("watches", [("person_id", 1), ("since", -1), ("_id", -1)]),
    Index("watches", [("person_id", 1), ("user_id", 1), ("since", 1), ("_id", 1)]),
    Index("watches", [("since", -1), ("_id", -1)]),
    Index("watches", [("user_id", 1), ("since", -1), ("_id", -1)]),
    Index(TELLINGS, [("person_id", 1), ("created_at", -1), ("_id", -1)]),
    Index(DIGESTS, [("person_id", 1), ("created_at", -1), ("_id", -1)]),
    Index(ITEMS, [("person_id", 1), ("at", -1), ("_id", -1)]),
    Index(ITEMS, [("user_id", 1), ("person_id", 1), ("at", 1), ("_id", 1), ("due_at", 1)]),
    Index(HISTORY, [("person_id", 1), *NEWEST]),
    Index(HISTORY, NEWEST),
    Index("settings", [("_id", 1)]),
)
RETENTIONS = (Retention(HISTORY, "at", "VINCULO_WATCH_CHANGE_DAYS", 730),)


class Watches:
    """One row a person and user. After a merge a user may have two rows for one person: the earlier one is shown."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def put(self, watch: Watch) -> None:
        self._documents.put({"_id": _watch_id(watch.person_id, watch.user_id), **asdict(watch)})

    def find(self, person_id: str, user_id: str) -> Watch | None:
        return next(self.of_person(person_id, only=user_id), None)

    def remove(self, person_id: str, user_id: str) -> bool:
        return self._documents.delete_many({"person_id": person_id, "user_id": user_id}) > 0

    def page(
        self, person_id: str, limit: int = WATCHERS_SHOWN, cursor: str | None = None, counted: bool = False
    ) -> dict[str, Any]:
        """With `counted` all are counted, up to 99: each user once."""
        after_user = read_cursor(cursor, word)[0] if cursor else ""
        found = list(islice(self.of_person(person_id, after_user), limit + 1))
        more = len(found) > limit
        shown = {"items": found[:limit], "next_cursor": cursor_of(found[limit - 1].user_id) if more else None}
        if not counted:
            return shown
        users = len(found) if not more else sum(1 for _ in islice(self.of_person(person_id), MOST_COUNTED + 1))
        return {**shown, "count": min(users, MOST_COUNTED), "exact": users <= MOST_COUNTED}

    def all(self, limit: int, cursor: str | None, user_id: str | None) -> dict[str, Any]:
        """Who watches whom, the latest first; only of persons whom the reader sees."""
        where = {"user_id": user_id} if user_id else {}
        found = self._documents.visible.find(
            {**where, **after(cursor, "since")}, [("since", -1), ("_id", -1)], limit + 1
        )  # fmt: skip
        return page(found, limit, "since", _watch)

    def of_person(self, person_id: str, after_user: str = "", only: str | None = None) -> Iterator[Watch]:
        """The watches of users whose ids come after `after_user` (or of this one), by user id; a page at a time."""
        order = [("user_id", 1), ("since", 1), ("_id", 1)]
        while True:
            wanted: Any = only or {"$gt": after_user}
            found = self._documents.find({"person_id": person_id, "user_id": wanted}, order, WATCHERS_PAGE)
            for user_id, rows in groupby(found, key=itemgetter("user_id")):
                yield _watch(next(rows))
                after_user = user_id
            if len(found) < WATCHERS_PAGE or only:
                return


class WatchHistory:
    """Who began to watch whom, changed how, and stopped; and the changes of the default list, which name no person."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, change_id: str, watch: Watch, change: str, at: dt.datetime) -> None:
        """A user's own watch."""
        own = {"user_id": watch.user_id, "user_name": watch.user_name}
        by = {"by_id": watch.user_id, "by_name": watch.user_name}
        row = {"person_id": watch.person_id, **own, **by, "change": change, "mode": watch.mode, "at": at}
        self._documents.insert({"_id": change_id, **row})

    def add_listed(self, change_id: str, user_id: str, change: str, by: Actor, at: dt.datetime) -> None:
        """Of the default list, whose users are told at once."""
        row = {"person_id": None, "user_id": user_id, "by_id": by.id, "by_name": by.name, "change": change}
        self._documents.insert({"_id": change_id, **row, "mode": AT_ONCE, "at": at})

    def page(self, limit: int, cursor: str | None, person_id: str | None) -> dict[str, Any]:
        where: Document = {"person_id": person_id} if person_id else {}
        found = self._documents.visible.find({**where, **after(cursor, "at")}, NEWEST, limit + 1)
        return page(found, limit, "at", _change)


class StoredWatchSettings:
    """The company's, one document."""

    def __init__(self, tenant: Tenant) -> None:
        self._documents, self._cached = tenant.collection("settings"), tenant.cached("settings")
        self._id = f"{tenant.company}:watching"

    def get(self) -> WatchSettings:
        return _settings(self._documents.find_one({"_id": self._id}))

    def recent(self) -> WatchSettings:
        """As they were some seconds ago."""
        return _settings(self._cached.find_one({"_id": self._id}))

    def save(self, settings: WatchSettings) -> None:
        """The next version; raises ConcurrentUpdate("version_changed") when another writer was first."""
        settings.version += 1
        document = {"_id": self._id, **asdict(settings)}
        if settings.version > 1:
            self._documents.replace(document)
            return
        try:
            self._documents.insert(document)
        except DuplicateKeyError as error:
            raise ConcurrentUpdate("version_changed", "O registro foi alterado por outra pessoa.") from error

    def forget(self) -> None:
        """What this process remembers; after the commit."""
        self._cached.forget(self._id)


class Digests:
    """What waits for a user's digest about a person, and the work of sending it."""

    def __init__(self, tenant: Tenant) -> None:
        self._items, self._works = tenant.collection(ITEMS), tenant.collection(DIGESTS)

    def keep(self, item: DigestItem) -> None:
        """May be repeated: the ids follow from the event. Outside a transaction only."""
        fields = asdict(item)
        self._items.insert_new([{"_id": fields.pop("id"), **fields}])
        named = {"person_id": item.person_id, "user_id": item.user_id, "due_at": item.due_at}
        work_id = f"{item.person_id}:{item.user_id}:{item.due_at:%Y%m%d%H%M}"
        work = {"_id": work_id, **named, "created_at": item.at, "next_at": item.due_at + GRACE}
        self._works.insert_new([work])

    def waiting(self, work: Document) -> list[DigestItem]:
        """The oldest first."""
        where = {"user_id": work["user_id"], "person_id": work["person_id"], "due_at": {"$lte": work["due_at"]}}
        found = self._items.find(where, [("at", 1), ("_id", 1)], MOST_ITEMS)
        return [as_record(row, DigestItem) for row in found]

    def drop(self, items: Sequence[DigestItem]) -> None:
        for item in items:
            self._items.delete({"_id": item.id})


def _settings(found: Document | None) -> WatchSettings:
    return WatchSettings(found["default_watchers"], found["version"]) if found else WatchSettings()


def _change(row: Document) -> Document:
    """Before `by` was kept, everybody changed their own watch."""
    own = {"by_id": row["user_id"], "by_name": row.get("user_name")}
    return {**own, **row, "id": row["_id"]}


def _watch(row: Document) -> Watch:
    return as_record(row, Watch)


def _watch_id(person_id: str, user_id: str) -> str:
    return f"{person_id}:{user_id}"
