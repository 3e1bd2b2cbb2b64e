"""Work whose writer owns it from the start is begun without being claimed; much work that waits is left to others."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

from services.chassis.handling.session import Actor, Session
from services.chassis.jobs import leased
from services.chassis.jobs.leased import WAIT_SECONDS, Job, LeasedWork
from services.chassis.process.runtime import Runtime
from tests.support.fakes.memory import Memory

DEADLINE, LEASE = 40.0, 10.0


class Owning(Runtime):
    """One kind of work, in memory."""

    def __init__(self, from_the_start: bool) -> None:
        self.begun: list[str] = []
        self.rows = MagicMock(**{"update_one.return_value": SimpleNamespace(modified_count=1)})
        job = Job(lambda document: self.begun.append(document["_id"]), DEADLINE, owned_from_the_start=from_the_start)
        database: Any = SimpleNamespace(collection=lambda name: self.rows)
        self.jobs = {"works": LeasedWork(database, "works", job, LEASE, ())}
        self.config: Any = SimpleNamespace(lease=LEASE, settle=0)
        self.service_class: Any = SimpleNamespace(session=Session)

    def enqueued(self) -> dict[str, Any]:
        session = self._session(Memory(Session, ()), Actor("u1", "Ana"), "t")  # type: ignore[arg-type]
        session.enqueue("works", {"_id": "w1"})
        (document,) = session.pending["works"]
        return document

    def work(self, document: dict[str, Any]) -> int:
        """Begins it as a worker does; how many commands were sent."""
        before = len(self.rows.method_calls)
        self.jobs["works"]._run_one(document)
        return len(self.rows.method_calls) - before


def seconds_left(document: dict[str, Any]) -> float:
    left: dt.timedelta = document["next_at"] - dt.datetime.now(dt.UTC)
    return left.total_seconds()


@pytest.mark.parametrize(("from_the_start", "commands"), [(True, 0), (False, 1)])
def test_what_is_owned_from_the_start_is_begun_without_a_claim(from_the_start: bool, commands: int) -> None:
    runtime = Owning(from_the_start)
    assert runtime.work(runtime.enqueued()) == commands
    assert runtime.begun == ["w1"]


def test_the_lease_from_the_start_outlives_the_work_and_is_written_as_the_database_keeps_it() -> None:
    document = Owning(True).enqueued()
    assert seconds_left(document) > DEADLINE + WAIT_SECONDS - 1
    assert document["next_at"].microsecond % 1000 == 0
    assert seconds_left(Owning(False).enqueued()) <= LEASE


def test_where_much_waits_new_work_is_soon_free_for_other_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leased, "OWNED_LIMIT", 4)
    runtime = Owning(True)
    for number in range(2):
        assert seconds_left(runtime.enqueued()) > DEADLINE
        runtime.jobs["works"].accept({"_id": f"w{number}", "next_at": None})
    assert seconds_left(runtime.enqueued()) <= LEASE
