"""What a service counts now and then, for its metrics: queues, dead letters, work that waits; companies are bounded."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY
from pymongo.errors import ServerSelectionTimeoutError

from services.chassis import ids
from services.chassis.errors import Unavailable
from services.chassis.observability.companies import OTHER, Companies
from services.chassis.process.housekeeping import Housekeeper
from services.people.service import People


class Cursor(list[dict[str, Any]]):
    """As pymongo's, of rows that are in order already."""

    def sort(self, *_: Any, **__: Any) -> Cursor:  # type: ignore[override]
        return self

    def limit(self, most: int) -> Cursor:
        return Cursor(self[:most])


class Database:
    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows

    def collection(self, name: str) -> Any:
        return SimpleNamespace(find=self._find)

    def _find(self, where: dict[str, Any], *_: Any) -> Cursor:
        bounds = where["next_at"]
        end = bounds.get("$lt", dt.datetime.max.replace(tzinfo=dt.UTC))
        return Cursor([row for row in self.rows if bounds["$gt"] < row["next_at"] < end])


def keeper(rows: list[dict[str, Any]], depth: Any = lambda queue: len(queue)) -> Housekeeper:
    publisher, config = SimpleNamespace(depth=depth), SimpleNamespace(retry_delays=(5, 1))
    return Housekeeper(
        SimpleNamespace(
            publisher=publisher, service_class=People, jobs={"outbox": None}, config=config, database=Database(rows)
        )
    )


def sample(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


def test_it_counts_each_queue_that_something_may_wait_in_for_the_service() -> None:
    keeper([]).count()
    for queue in ("rpc-people", "retry.people.1", "retry.people.5", "unrouted"):
        assert sample("vinculo_queue_messages", queue=queue) == len(queue)
    assert sample("vinculo_dead_letters") == len("dead.people")


def test_work_that_is_planned_for_later_does_not_wait() -> None:
    now = dt.datetime.now(dt.UTC)
    later, soon = now + dt.timedelta(days=2), now + dt.timedelta(hours=20)
    keeper([{"_id": ids.new_id(), "next_at": soon}, {"_id": ids.new_id(), "next_at": later}]).count()
    assert sample("vinculo_work_waiting", collection="outbox") == 1


def test_the_age_of_the_outbox_is_that_of_its_oldest_event(monkeypatch: pytest.MonkeyPatch) -> None:
    now = dt.datetime.now(dt.UTC)
    with monkeypatch.context() as patch:
        patch.setattr(ids, "_milliseconds", lambda: int(now.timestamp() * 1000) - 90_000)
        old = ids.new_id()
    due = now - dt.timedelta(seconds=40)
    keeper([{"_id": old, "next_at": due}, {"_id": ids.new_id(), "next_at": now}]).count()
    assert sample("vinculo_work_waiting", collection="outbox") == 2
    assert 89 < (sample("vinculo_work_oldest_seconds", collection="outbox") or 0) < 150
    assert 39 < (sample("vinculo_work_overdue_seconds", collection="outbox") or 0) < 100
    keeper([]).count()
    assert sample("vinculo_work_oldest_seconds", collection="outbox") == 0


def test_a_broker_or_a_database_that_is_away_stops_nothing() -> None:
    def away(queue: str) -> int:
        raise Unavailable("broker_unavailable")

    broken = keeper([], away)

    def gone(name: str) -> Any:
        raise ServerSelectionTimeoutError("away")

    broken._runtime.database.collection = gone
    broken.count()


def test_only_so_many_companies_have_series_of_their_own() -> None:
    companies = Companies(2)
    assert [companies.label(one) for one in ("a", "b", "a", "c", "b", "d")] == ["a", "b", "a", OTHER, "b", OTHER]
    assert Companies(0).label("a") == OTHER
