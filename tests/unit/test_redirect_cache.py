"""What a process knows of redirections is a moment old at most, and asks the database once in that time."""

from __future__ import annotations

from typing import Any

import pytest

from services.chassis.replicas import redirect_cache
from services.chassis.replicas.redirect_cache import MOST_SECONDS, RedirectCache


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Table:
    """A company's redirections; counts how often it is read."""

    def __init__(self, **leads: str | None) -> None:
        self.leads, self.reads = dict(leads), 0

    def __call__(self, limit: int) -> list[dict[str, Any]]:
        self.reads += 1
        return [{"_id": one, "to": to} for one, to in self.leads.items()][:limit]


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_it_asks_once_in_its_time_and_for_each_company_of_its_own(clock: Clock) -> None:
    ours, theirs, known = Table(a="b", c=None), Table(), RedirectCache(75, clock)
    assert [known.of("ours", ours) for _ in range(3)] == [{"a": "b"}] * 3
    assert known.of("theirs", theirs) == {}
    assert (ours.reads, theirs.reads) == (1, 1)
    ours.leads["d"] = "b"
    clock.now += MOST_SECONDS
    assert known.of("ours", ours) == {"a": "b", "d": "b"}


def test_a_change_here_is_known_at_once(clock: Clock) -> None:
    table, known = Table(), RedirectCache(75, clock)
    known.of("ours", table)
    table.leads["a"] = "b"
    known.forget("ours")
    assert known.of("ours", table) == {"a": "b"}


@pytest.mark.parametrize(("settle", "seconds"), [(75, 2), (1, 0.25), (8, 2), (4, 1)])
def test_it_is_older_than_a_part_of_the_time_to_the_second_look_in_no_case(
    clock: Clock, settle: float, seconds: float
) -> None:
    table, known = Table(), RedirectCache(settle, clock)
    known.of("ours", table)
    clock.now += seconds - 0.01
    known.of("ours", table)
    assert table.reads == 1
    clock.now += 0.02
    known.of("ours", table)
    assert table.reads == 2


def test_without_a_second_look_nothing_is_remembered(clock: Clock) -> None:
    assert RedirectCache(0, clock).of("ours", Table(a="b")) is None


def test_too_many_are_asked_for_one_by_one(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redirect_cache, "MOST", 2)
    known = RedirectCache(75, clock)
    assert known.of("few", Table(a="x", b="x")) == {"a": "x", "b": "x"}
    many = Table(a="x", b="x", c="x")
    assert [known.of("many", many) for _ in range(3)] == [None] * 3
    assert many.reads == 1
