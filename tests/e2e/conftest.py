"""One whole system for all end-to-end tests; each test makes its own persons."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.system import Client, System


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    running = System()
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(scope="session")
def ana(system: System) -> Client:
    """Administrator of the bakery."""
    return Client(system.url, "ana@padaria.example")


@pytest.fixture(scope="session")
def bruno(system: System) -> Client:
    """Administrator of the garage: another company."""
    return Client(system.url, "bruno@oficina.example")
