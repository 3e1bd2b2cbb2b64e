"""One broker and one database for all chaos tests; a fresh rig each test.

VINCULO_CHAOS_MONGO_URI: another engine than the embedded one, for figures.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.broker import Broker
from deploy.local.database import Database
from tests.chaos.rig import Rig
from tests.support.stack.system import System

# A killed service's open transaction holds what it wrote for 60 s; see ORPHAN_SECONDS.
TEST_SECONDS = 400

# Its errors are what these tests cause; a failure would bury its reason under thousands of them.
logging.getLogger("pika").setLevel(logging.CRITICAL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(TEST_SECONDS))


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    broker = Broker(tmp_path_factory.mktemp("broker"), given="")
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(tmp_path_factory.mktemp("database"), given=os.environ.get("VINCULO_CHAOS_MONGO_URI", ""))
    database.start()
    yield database
    database.stop()


@pytest.fixture
def rig(broker: Broker, database: Database) -> Iterator[Rig]:
    rig = Rig(broker, database)
    yield rig
    rig.stop()


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """The whole product, of one module's tests: they stop parts of it, or fill it."""
    with System() as running:
        yield running
