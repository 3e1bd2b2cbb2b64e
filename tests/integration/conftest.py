"""A real broker and a real database for all integration tests; one probe service that most of them ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.broker import Broker
from deploy.local.database import Database
from tests.chaos.rig import Rig
from tests.support.stack.bus import Bus
from tests.support.stack.folders import engine_folder


@pytest.fixture(scope="package")
def broker() -> Iterator[Broker]:
    with engine_folder() as folder:
        running = Broker(Path(folder))
        running.start()
        yield running
        running.stop()


@pytest.fixture(scope="package")
def database() -> Iterator[Database]:
    with engine_folder() as folder:
        running = Database(Path(folder))
        running.start()
        yield running
        running.stop()


@pytest.fixture(scope="package")
def rig(broker: Broker, database: Database) -> Iterator[Rig]:
    """With the probe running; a test that stops it starts it again."""
    running = Rig(broker, database)
    try:
        running.start("probe")
        yield running
    finally:
        running.stop()


@pytest.fixture
def bus(rig: Rig) -> Iterator[Bus]:
    caller = rig.bus()
    yield caller
    caller.close()


@pytest.fixture
def operator(rig: Rig, bus: Bus, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process is an operator of the rig, whose probe has no dead letters before nor afterwards."""
    for name in ("MONGO_URI", "AMQP_URI", "VINCULO_DATABASE_PREFIX"):
        monkeypatch.setenv(name, rig.env[name])
    bus.take_all("dead.probe")
    yield
    bus.take_all("dead.probe")


@pytest.fixture
def notifying(broker: Broker, database: Database) -> Iterator[Rig]:
    """For tests that start notifications alone, and say what the other services would."""
    running = Rig(broker, database)
    running.runner = "tests.support.stack.brisk_runner"
    yield running
    running.stop()
