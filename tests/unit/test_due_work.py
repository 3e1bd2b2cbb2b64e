"""Due work is looked for when this process wrote some, when what was seen last gets due, and every few seconds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import eventlet
import pytest

from services.chassis.handling.session import Actor, Session
from services.chassis.jobs import leased
from services.chassis.jobs.leased import Job, LeasedWork
from services.chassis.process.runtime import Runtime
from services.chassis.storage.tenant import Tenant

DEADLINE = 1.0
SOON = 5.0


class Kind:
    """One kind of work in a collection whose rows are in memory, looked through by a process."""

    def __init__(self, poll_seconds: float) -> None:
        self.rows: list[dict[str, Any]] = []
        self.begun: list[str] = []
        documents = MagicMock(**{"update_one.return_value": SimpleNamespace(modified_count=1)})
        documents.find = self._find
        job = Job(lambda document: self.begun.append(document["_id"]), DEADLINE, poll_seconds=poll_seconds)
        database: Any = SimpleNamespace(collection=lambda name: documents)
        self.work = LeasedWork(database, "works", job, 1.0, ())
        self.looks = 0
        self.bounds: dict[str, Any] = {}

    def _find(self, where: dict[str, Any], *_: Any) -> Any:
        self.looks += "next_at" in where
        self.bounds = where.get("next_at", self.bounds)
        found = [row for row in self.rows if row["next_at"] <= where.get("next_at", {}).get("$lte", row["next_at"])]
        limited = SimpleNamespace(limit=lambda room: found[:room])
        return SimpleNamespace(sort=lambda *_: limited, limit=limited.limit)

    def put(self, seconds: float) -> None:
        self.rows.append({"_id": "w1", "next_at": dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)})

    def begins(self, within: float) -> bool:
        with eventlet.Timeout(within, False):
            while not self.begun:
                eventlet.sleep(0.005)
        return bool(self.begun)


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kind]:
    """Nobody looks by themselves for a minute; it was looked through once."""
    monkeypatch.setattr(leased, "SWEEP_SECONDS", 0.02)
    made = Kind(60)
    made.work.start()
    while not made.looks:
        eventlet.sleep(0.005)
    yield made
    made.work.stop()


def test_what_this_process_wrote_is_looked_for_at_once(kind: Kind) -> None:
    kind.put(0)
    assert not kind.begins(0.1)
    kind.work.wake()
    assert kind.begins(SOON)


def test_rows_that_are_no_work_any_more_are_not_read(kind: Kind) -> None:
    # they have no `next_at`, and stand first in its index; what a clock of 1970 wrote is read
    assert kind.bounds["$gt"] < dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def test_what_was_seen_gets_done_when_it_is_due(kind: Kind) -> None:
    kind.put(0.3)
    kind.work.wake()
    assert not kind.begins(0.1)
    assert kind.begins(SOON)


def test_where_nothing_is_written_it_is_seldom_looked_for(kind: Kind) -> None:
    before = kind.looks
    eventlet.sleep(0.2)
    assert kind.looks == before


def test_what_others_left_is_found_within_the_longest_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leased, "SWEEP_SECONDS", 0.02)
    made = Kind(0.2)
    made.work.start()
    made.put(0)
    try:
        assert made.begins(SOON)
    finally:
        made.work.stop()


@pytest.mark.parametrize(("collection", "looked"), [("works", 1), ("records", 0)])
@pytest.mark.parametrize("company_wide", [False, True])
def test_a_commit_that_wrote_to_a_kind_of_work_looks_for_it(collection: str, looked: int, company_wide: bool) -> None:
    database: Any = SimpleNamespace(collection=_named, series=None, memory={})
    tenant = Tenant(database, "c1", None)
    session = Session(tenant, Actor("u1", "Ana"), dt.datetime.now(dt.UTC), "t", 10.0)
    rows = session.tenant.collection(collection)
    rows.update_many({}, {"$set": {"next_at": 1}}) if company_wide else rows.insert({"_id": "w1"})
    work = MagicMock()
    runtime = Runtime()
    runtime.jobs = {"works": work}
    runtime.hand_over(session)
    assert work.wake.call_count == looked


def _named(name: str) -> MagicMock:
    made = MagicMock()
    made.name = name
    return made
