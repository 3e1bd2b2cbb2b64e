"""A process that leaves takes nothing in first, and publishes what its last work announced last of all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from unittest.mock import MagicMock

import eventlet
import pytest

from services.chassis.jobs.leased import Job, LeasedWork
from services.chassis.process.runtime import Runtime

SOON = 0.1


def owned(id: str) -> dict[str, Any]:
    return {"_id": id, "company": "c1", "next_at": dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)}


class Leaving(Runtime):
    """The real one's way out, over kinds of work without a database."""

    def __init__(self, grace: float, jobs: dict[str, Callable[[Any], None]]) -> None:
        self.config = MagicMock(grace=grace)
        self.publisher, self.database = MagicMock(), MagicMock()
        self.jobs = {name: LeasedWork(MagicMock(), name, Job(job, 30.0), 60.0, ()) for name, job in jobs.items()}
        for work in self.jobs.values():
            work.start()


@pytest.fixture
def published() -> list[str]:
    return []


def announcing(work: str, event: str, at: float = SOON) -> Callable[[Any], None]:
    """A job that takes its time, and then has something to announce."""

    def handle(document: Any) -> None:
        eventlet.sleep(at)
        RUNNING[0].jobs[work].accept(owned(event))

    return handle


RUNNING: list[Leaving] = []


def test_the_outbox_publishes_what_the_last_work_announced(published: list[str]) -> None:
    jobs = {
        "outbox": lambda document: published.append(document["_id"]),
        "erasures": announcing("outbox", "erased"),
        # one kind gives work to another, which announces
        "imports": announcing("renames", "again"),
        "renames": announcing("outbox", "renamed"),
    }
    RUNNING[:] = [Leaving(20.0, jobs)]
    for name in ("imports", "erasures"):
        RUNNING[0].jobs[name].accept(owned(name))
    RUNNING[0].stop()
    assert sorted(published) == ["erased", "renamed"]


def test_work_that_does_not_end_leaves_the_outbox_its_share_of_the_time(published: list[str]) -> None:
    def relay(document: Any) -> None:
        eventlet.sleep(SOON)
        published.append(document["_id"])

    RUNNING[:] = [Leaving(3.0, {"outbox": relay, "imports": lambda _: eventlet.sleep(600)})]
    RUNNING[0].jobs["imports"].accept(owned("endless"))
    RUNNING[0].jobs["outbox"].accept(owned("event"))
    eventlet.sleep(0)
    RUNNING[0].stop()
    assert published == ["event"]


def test_no_kind_looks_for_more_once_the_process_was_asked_to_leave() -> None:
    RUNNING[:] = [Leaving(3.0, {"outbox": lambda _: None, "imports": lambda _: None})]
    RUNNING[0].stop_claiming()
    assert all(work.stopping for work in RUNNING[0].jobs.values())
    RUNNING[0].stop()
