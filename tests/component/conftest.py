"""One system in this process for all component tests; each test makes its own persons.

It ends with them, as those of other folders do: a process of the tests has one engine at a time.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy.topology import SERVICES
from tests.support import refusals
from tests.support.queries import violations
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.system import Client


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessSystem]:
    log = tmp_path_factory.mktemp("queries") / "queries.jsonl"
    running = InProcessSystem(VINCULO_RECORD_QUERIES=str(log))
    running.start()
    try:
        yield running
    finally:
        running.stop()
    refusals.settle()
    assert running.parked == [], "messages that nobody could handle"
    assert log.stat().st_size > 0
    assert violations(log, SERVICES) == [], "reads that no index serves, without a bound, or with skip"


@pytest.fixture(scope="package")
def ana(system: InProcessSystem) -> Client:
    """Administrator of the bakery."""
    return Client(system.url, "ana@padaria.example")


@pytest.fixture(scope="package")
def bruno(system: InProcessSystem) -> Client:
    """Administrator of the garage: another company."""
    return Client(system.url, "bruno@oficina.example")
