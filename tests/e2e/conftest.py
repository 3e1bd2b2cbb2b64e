"""One whole system for all end-to-end tests of a process; each test makes its own persons.

It may be one that runs already (tests/support/stack/given.py).

Every read that its services send is recorded, and looked at when the system stops.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymongo
import pytest
from pymongo.errors import PyMongoError

from deploy.local.processes import tail
from deploy.topology import SERVICES
from tests.support import refusals
from tests.support.fakes.sefaz import Sefaz
from tests.support.fakes.whatsapp import CloudApi
from tests.support.queries import violations
from tests.support.stack import given
from tests.support.stack.system import Client, System


@pytest.fixture(scope="package")
def query_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("queries") / "queries.jsonl"


@pytest.fixture(scope="package")
def sefaz() -> Iterator[Sefaz]:
    """The tax authority that all companies of the tests ask."""
    running = Sefaz()
    yield running
    running.close()


@pytest.fixture(scope="package")
def whatsapp() -> Iterator[CloudApi]:
    """The Cloud API that all companies of the tests use."""
    running = CloudApi()
    yield running
    running.close()


@pytest.fixture(scope="package")
def system(query_log: Path, sefaz: Sefaz, whatsapp: CloudApi) -> Iterator[System]:
    if given.is_given():
        yield given.GivenSystem().start()
        return
    running = System(
        VINCULO_RECORD_QUERIES=str(query_log),
        VINCULO_NFE_URL=sefaz.url,
        VINCULO_NFE_TIMEOUT_SECONDS="2",
        VINCULO_WHATSAPP_API_URL=whatsapp.api_url,
    )
    try:
        yield running.start()
    finally:
        running.stop()
    refusals.settle()
    assert query_log.stat().st_size > 0
    assert violations(query_log, SERVICES) == [], "reads that no index serves, without a bound, or with skip"


@pytest.fixture(scope="package")
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


@pytest.fixture(scope="package")
def ana(system: System) -> Client:
    """Administrator of the bakery."""
    return Client(system.url, "ana@padaria.example")


@pytest.fixture(scope="package")
def bruno(system: System) -> Client:
    """Administrator of the garage: another company."""
    return Client(system.url, "bruno@oficina.example")
