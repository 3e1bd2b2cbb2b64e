"""One whole system for all end-to-end tests; each test makes its own persons. Every read is recorded (test_zz)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymongo
import pytest
from pymongo.errors import PyMongoError

from deploy.local.processes import tail
from tests.support.sefaz import Sefaz
from tests.support.system import Client, System


@pytest.fixture(scope="session")
def query_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("queries") / "queries.jsonl"


@pytest.fixture(scope="session")
def sefaz() -> Iterator[Sefaz]:
    """The tax authority that all companies of the tests ask."""
    running = Sefaz()
    yield running
    running.close()


@pytest.fixture(scope="session")
def system(query_log: Path, sefaz: Sefaz) -> Iterator[System]:
    running = System(VINCULO_RECORD_QUERIES=str(query_log), VINCULO_NFE_URL=sefaz.url, VINCULO_NFE_TIMEOUT_SECONDS="2")
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(scope="session")
def engine(system: System) -> Iterator[pymongo.MongoClient[Any]]:
    client: pymongo.MongoClient[Any] = pymongo.MongoClient(system.env["MONGO_URI"], timeoutMS=60_000)
    yield client
    client.close()


@pytest.fixture(autouse=True)
def _database_answers(system: System, engine: pymongo.MongoClient[Any]) -> None:
    """One that answers no more ends the run at once, with what it said last: else each test left would wait for it."""
    try:
        engine.admin.command("ping")
    except PyMongoError as error:
        system.database.stop()
        pytest.exit(f"the database answers no more: {error}\n{tail(system.database.log, 60)}", returncode=1)


@pytest.fixture(scope="session")
def ana(system: System) -> Client:
    """Administrator of the bakery."""
    return Client(system.url, "ana@padaria.example")


@pytest.fixture(scope="session")
def bruno(system: System) -> Client:
    """Administrator of the garage: another company."""
    return Client(system.url, "bruno@oficina.example")
