"""Live is the loop's own life; ready says what is missing."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace
from typing import Any

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from services.chassis.process.health import STUCK_SECONDS, Health
from services.chassis.storage.database import ahead_at_least


class Database:
    there = True
    ahead = 0.0

    def clock_ahead(self) -> float:
        if not self.there:
            raise ServerSelectionTimeoutError("away")
        return self.ahead


@pytest.fixture
def health() -> Health:
    consumer = SimpleNamespace(connected=True, stopping=False)
    runtime = SimpleNamespace(indexes_ready=True, database=Database(), config=SimpleNamespace(heartbeat=10))
    return Health(consumer, runtime)  # type: ignore[arg-type]


def ask(health: Health, path: str) -> tuple[int, Any]:
    said: list[str] = []
    body = b"".join(health({"PATH_INFO": path}, lambda status, headers: said.append(status)))
    return int(said[0][:3]), json.loads(body)["troubles"]


def test_a_service_without_a_broker_and_a_database_lives(health: Health) -> None:
    health._consumer.connected = False
    health._runtime.database.there = False  # type: ignore[attr-defined]
    assert ask(health, "/live") == (200, [])
    assert ask(health, "/ready") == (503, ["broker", "database"])


@pytest.mark.parametrize("ahead", [180.0, -180.0, 3.0])
def test_a_clock_that_is_wrong_is_said(health: Health, ahead: float) -> None:
    health._runtime.database.ahead = ahead  # type: ignore[attr-defined]
    assert ask(health, "/ready") == (503, ["clock"])
    assert ask(health, "/live") == (200, [])


@pytest.mark.parametrize(
    ("asked", "there", "answered", "ahead"),
    [(100.0, 100.2, 100.5, 0.0), (100.0, 40.0, 101.0, 60.0), (100.0, 161.0, 101.0, -60.0), (100.0, 99.0, 130.0, 1.0)],
)
def test_a_slow_answer_makes_no_clock_wrong(asked: float, there: float, answered: float, ahead: float) -> None:
    assert ahead_at_least(asked, there, answered) == ahead


@pytest.mark.parametrize("trouble", ["broker", "draining", "indexes", "database"])
def test_readiness_names_what_is_missing(health: Health, trouble: str) -> None:
    health._consumer.connected = trouble != "broker"
    health._consumer.stopping = trouble == "draining"
    health._runtime.indexes_ready = trouble != "indexes"
    health._runtime.database.there = trouble != "database"  # type: ignore[attr-defined]
    assert ask(health, "/ready") == (503, [trouble])
    assert ask(health, "/live") == (200, [])


def test_a_loop_that_gave_no_turn_is_to_be_restarted(health: Health) -> None:
    health._ticked = time.monotonic() - STUCK_SECONDS - 1
    assert ask(health, "/live") == (503, ["loop_stuck"])
