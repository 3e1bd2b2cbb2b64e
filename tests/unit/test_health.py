"""Live is the loop's own life; ready says what is missing."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace
from typing import Any

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from services.chassis.process.health import STUCK_SECONDS, Health


class Database:
    there = True

    def ping(self) -> None:
        if not self.there:
            raise ServerSelectionTimeoutError("away")


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
