"""Row N9: what webhooks are told while one consumer is down for days and another one is slow, by a clock of the test's.

That rounds run side by side is tests/component/notifications/test_n9_webhooks_and_feed.py's.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections import defaultdict
from dataclasses import replace
from itertools import count, pairwise, takewhile
from types import SimpleNamespace
from typing import Any

import pytest

from services.chassis.access.sealing import Safe
from services.chassis.storage.rows import Document
from services.notifications import subscribers
from services.notifications.outbound.https import Answer
from services.notifications.webhooks import jobs
from services.notifications.webhooks.jobs import CALL_SECONDS, IDLE, make_caller
from services.notifications.webhooks.model import ACTIVE, LONGEST_WAIT, PAUSED, FeedEvent, Webhook
from services.notifications.webhooks.repository import SETTLE
from tests.support.builders.notifications_in_memory import InMemoryNotifications

START = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
RECORDS = ("a1", "a2", "a3")
BETWEEN, AFTERWARDS = dt.timedelta(minutes=17), dt.timedelta(hours=6)
LEASE = dt.timedelta(seconds=50)
SLOW = dt.timedelta(seconds=CALL_SECONDS - 1)


class Killed(Exception):
    """The process ended between a consumer's answer and our record of it."""


class World(InMemoryNotifications):
    """A company with three webhooks and their consumers: one is down until `back`, one slow, one as it should be.

    Each webhook is a piece of work by itself, so each round begins when it is due, however long another one takes.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, back: dt.datetime) -> None:
        super().__init__()
        self.at, self.back, self.kill = START, back, False
        self.events: list[FeedEvent] = []
        self.taken: dict[str, list[tuple[dt.datetime, dict[str, Any]]]] = defaultdict(list)
        self.run(lambda tx: [tx.webhooks.insert(_webhook(name), START) for name in ("down", "slow", "fine")])
        monkeypatch.setattr(jobs, "now", lambda: self.at)
        clock = SimpleNamespace(monotonic=lambda: self.at.timestamp(), time=lambda: self.at.timestamp())
        monkeypatch.setattr(jobs, "time", clock)
        monkeypatch.setattr(jobs, "post", self._post)
        monkeypatch.setattr(Safe, "of_installation", lambda: SimpleNamespace(unseal=lambda *_: {"secret": "s"}))
        runtime: Any = SimpleNamespace(
            session_for=lambda *_: self.session(),
            write=lambda company, actor, cause, seconds, work: self.run(work, repeats=True),
            database=SimpleNamespace(collection=lambda _: SimpleNamespace(update_one=self._update)),
        )
        self._job = make_caller(runtime)

    def happen(self, until: dt.datetime) -> None:
        """An event in turn of each record until then."""
        moments = takewhile(lambda at: at < until, (START + number * BETWEEN for number in count()))
        self.events = [_event(number, at) for number, at in enumerate(moments)]
        self.run(lambda tx: tx.feed.add(self.events), repeats=True)

    def go_on(self, until: dt.datetime) -> None:
        """All rounds that are due before then."""
        while (row := self._next()) is not None and row["next_at"] < until:
            self.at = row["next_at"] + self._idle(row, until)
            try:
                self._job.handle({**row, "company": self.company})
            except Killed:
                self._rows.kept[row["_id"]] = {**row, "next_at": self.at + LEASE}

    def _idle(self, row: Document, until: dt.datetime) -> dt.timedelta:
        """For how long it looks in vain, which is left out here."""
        coming = min((one.stored_at + SETTLE for one in self.events if one.stored_at > row["after_at"]), default=until)
        due: dt.datetime = row["next_at"]
        return max(0, math.ceil((coming - due) / IDLE)) * IDLE

    def resume(self) -> None:
        """As its maker does."""

        def resume(tx: Any) -> None:
            webhook = tx.webhooks.get("down")
            webhook.resume()
            tx.webhooks.save(webhook, self.at)

        self.run(resume)

    def webhook(self, name: str) -> Document:
        found: Document = self._rows.kept[name]
        return found

    @property
    def _rows(self) -> Any:
        return self.collection("webhooks")

    def _next(self) -> Document | None:
        due = [one for one in self._rows.kept.values() if one.get("next_at")]
        return min(due, key=lambda one: one["next_at"], default=None)

    def _post(self, url: str, body: bytes, *_: Any) -> Answer:
        if url == "down" and self.at < self.back:
            raise ConnectionRefusedError
        if url == "slow":
            self.at += SLOW
        self.taken[url].append((self.at, json.loads(body)))
        return Answer(204)

    def _update(self, where: Document, changes: Document) -> None:
        if where["_id"] == "down" and self.kill and self.at >= self.back:
            self.kill = False
            raise Killed
        self._rows.update_many({"_id": where["_id"], "version": where["version"]}, changes)


def _webhook(name: str) -> Webhook:
    by = {"created_by": "key", "created_by_name": "Sistema"}
    place = {"created_at": START, "after_at": START - BETWEEN, "after_id": ""}
    return Webhook(name, name, ["attendance.entry_recorded"], "", "sealed", ACTIVE, **place, **by)  # type: ignore[arg-type]


def _event(number: int, at: dt.datetime) -> FeedEvent:
    record, sequence = RECORDS[number % len(RECORDS)], 1 + number // len(RECORDS)
    by: dict[str, Any] = {"actor_id": "u1", "actor_name": "Ana", "person_id": "p1", "attendance_id": record}
    where: dict[str, Any] = {"aggregate": record, "sequence": sequence, "at": at, "stored_at": at}
    return FeedEvent(f"e{number:04d}", "attendance", "entry_recorded", **where, **by, data={})


@pytest.mark.parametrize(("days", "paused"), [(3, False), (4, True)])
def test_after_days_every_event_arrives_in_order_and_a_slow_consumer_delays_nobody(
    monkeypatch: pytest.MonkeyPatch, days: int, paused: bool
) -> None:
    back = START + dt.timedelta(days=days)
    world = World(monkeypatch, back)
    world.happen(back + AFTERWARDS)
    world.go_on(back)
    assert world.taken["down"] == []
    assert (world.webhook("down")["state"] == PAUSED) is paused
    world.at, world.kill = back, True
    if paused:
        world.resume()
    world.go_on(back + AFTERWARDS + LONGEST_WAIT)
    for name in ("down", "slow", "fine"):
        came = [one for _, one in world.taken[name]]
        for record in RECORDS:
            told = [(one["sequence"], one["id"]) for one in came if one["aggregate_id"] == record]
            assert _firsts(told) == [(one.sequence, one.id) for one in world.events if one.aggregate == record], name
    ids = [one["id"] for _, one in world.taken["down"]]
    assert len(ids) > len(set(ids)), "nothing was told twice, so the kill was none"
    stored = {one.id: one.stored_at for one in world.events}
    assert max(at - stored[one["id"]] for at, one in world.taken["fine"]) <= SETTLE + IDLE
    assert max(at - stored[one["id"]] for at, one in world.taken["slow"]) <= SETTLE + IDLE + SLOW
    assert world.webhook("down")["failures"] == 0


def _firsts(told: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Without what came before: a repeat bears the same id, and goes on in order from where it begins."""
    assert all(later[0] <= earlier[0] + 1 for earlier, later in pairwise(told))
    return list(dict.fromkeys(told))


KEY = {
    "actor_id": "key:k1", "name": "ERP", "active": True, "expires_at": dt.datetime(2100, 1, 1, tzinfo=dt.UTC),
    "permissions": ["notifications.configure", "attendance.read"], "scopes": {},
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, True),
        ({"active": False}, False),
        ({"expires_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, False),
        ({"permissions": ["notifications.configure"]}, False),
        ({"scopes": {"section": ["orders"]}}, False),
    ],
)
def test_a_webhook_of_a_key_is_told_what_the_key_may_read_while_it_lives(
    changes: dict[str, Any], allowed: bool
) -> None:
    house = InMemoryNotifications()
    house.hear(subscribers.on_people_key_changed, "k1", 2, **{**KEY, **changes})
    house.hear(subscribers.on_people_key_changed, "k1", 1, **KEY)  # it was overtaken on its way
    webhook = replace(_webhook("x"), created_by="key:k1")
    assert house.run(lambda tx: jobs._maker_may_read(tx, webhook)) is allowed
