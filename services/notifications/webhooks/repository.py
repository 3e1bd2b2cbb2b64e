"""The feed and the webhooks in the database.

A reader's place is (stored_at, id). What is stored just now is not read before SETTLE: by then whatever was stored
before it is there too, so that no reader passes over a row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.chassis.errors import NotFound
from services.chassis.jobs.retention import Retention
from services.chassis.pages import after, beyond, cursor_of, moment, page, read_cursor, word
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant
from services.notifications.webhooks.model import FeedEvent, Try, Webhook

FEED, WEBHOOKS = "feed", "webhooks"
# Longer than a row takes from its time stamp to the database.
SETTLE = dt.timedelta(seconds=4)
ORDER = [("stored_at", 1), ("_id", 1)]
INDEXES = (
    Index(FEED, ORDER),
    Index(FEED, [("person_id", 1), *ORDER]),
    Index(FEED, [("person_id", 1), ("stored_at", -1), ("_id", -1)]),
    Index(WEBHOOKS, [("created_at", -1), ("_id", -1)]),
)
RETENTIONS = (Retention(FEED, "stored_at", "VINCULO_FEED_DAYS", 30),)


class Feed:
    def __init__(self, tenant: Tenant) -> None:
        self._rows = tenant.collection(FEED)

    def add(self, events: Sequence[FeedEvent]) -> None:
        """Ignores rows that exist. Outside a transaction only."""
        self._rows.insert_new([_document(event) for event in events])

    def insert(self, events: Sequence[FeedEvent]) -> None:
        """For handlers that run once, in their transaction."""
        self._rows.insert_many([_document(event) for event in events])

    def after(self, place: tuple[dt.datetime, str], until: dt.datetime, limit: int) -> list[FeedEvent]:
        """All rows of the company, for its webhooks."""
        where = {**beyond("stored_at", *place, descending=False), "stored_at": {"$lte": until}}
        return [_event(row) for row in self._rows.find(where, ORDER, limit)]

    def page(
        self,
        types: Sequence[str],
        limit: int,
        cursor: str | None,
        since: dt.datetime | None,
        person_id: str | None,
        now: dt.datetime,
    ) -> dict[str, Any]:
        """The rows of these types that the reader may see. The cursor also moves past rows that are not shown."""
        place = read_cursor(cursor, moment, word) if cursor else [since or dt.datetime(2000, 1, 1, tzinfo=dt.UTC), ""]
        where: Document = {"person_id": person_id} if person_id else {}
        where |= {**beyond("stored_at", *place, descending=False), "stored_at": {"$lte": now - SETTLE}}
        read = self._rows.find(where, ORDER, limit)
        seen = {row["_id"] for row in self._rows.visible.find(where, ORDER, limit)} if read else set()
        wanted = [_event(row) for row in read if row["_id"] in seen and f"{row['source']}.{row['name']}" in types]
        last = cursor_of(read[-1]["stored_at"], read[-1]["_id"]) if read else cursor
        return {"items": wanted, "next_cursor": last, "more": len(read) == limit}


class Webhooks:
    def __init__(self, tenant: Tenant) -> None:
        self._rows, self._tenant = tenant.collection(WEBHOOKS), tenant

    def any(self) -> bool:
        """Whether the company has a webhook, and so a feed; the answer may be some seconds old."""
        return self._tenant.cached("settings").find_one({"_id": self._switch}) is not None

    def switch(self, on: bool) -> None:
        """Turns the feed on or off. It writes in any case, so that two simultaneous transactions conflict and one is
        retried.
        """
        settings = self._tenant.collection("settings")
        if on:
            settings.put({"_id": self._switch})
        else:
            settings.delete({"_id": self._switch})

    def forget(self) -> None:
        """Drops the cached switch; after the commit."""
        self._tenant.cached("settings").forget(self._switch)

    @property
    def _switch(self) -> str:
        return f"{self._tenant.company}:feed"

    def get(self, webhook_id: str) -> Webhook:
        """Raises NotFound("webhook_not_found")."""
        found = self._rows.find_one({"_id": webhook_id})
        if found is None:
            raise NotFound("webhook_not_found", "Webhook não encontrado.")
        return webhook_of(found)

    def count(self, most: int) -> int:
        return len(self._rows.find({}, [("created_at", -1), ("_id", -1)], most))

    def page(self, limit: int, cursor: str | None) -> dict[str, Any]:
        found = self._rows.find(after(cursor, "created_at"), [("created_at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "created_at", webhook_of)

    def insert(self, webhook: Webhook, due: dt.datetime) -> None:
        webhook.version = 1
        self._rows.insert({**document_of(webhook), "next_at": due})

    def save(self, webhook: Webhook, due: dt.datetime | None) -> None:
        """The next version, due then or (None) never; raises ConcurrentUpdate("version_changed")."""
        webhook.version += 1
        self._rows.replace(document_of(webhook))
        change = {"$set": {"next_at": due}} if due else {"$unset": {"next_at": ""}}
        self._rows.update_many({"_id": webhook.id}, change)

    def delete(self, webhook_id: str) -> None:
        """Raises NotFound("webhook_not_found")."""
        if not self._rows.delete({"_id": webhook_id}):
            raise NotFound("webhook_not_found", "Webhook não encontrado.")


def document_of(webhook: Webhook) -> Document:
    fields = asdict(webhook)
    return {"_id": fields.pop("id"), **fields}


def webhook_of(row: Document) -> Webhook:
    return as_record(row, Webhook, log=[as_record(one, Try) for one in row.get("log", ())])


def _document(event: FeedEvent) -> Document:
    fields = asdict(event)
    return {"_id": fields.pop("id"), **fields}


def _event(row: Document) -> FeedEvent:
    return as_record(row, FeedEvent)
