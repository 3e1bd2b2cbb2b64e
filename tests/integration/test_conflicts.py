"""Transactions that meet over one record each get their turn, and the work does not grow with their number's square."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock
from typing import Any

import pytest

from deploy.local.database import Database as Server
from services.chassis.storage.database import Database

WRITERS = 24


@pytest.fixture
def store(database: Server) -> Iterator[Database]:
    opened = Database(database.uri, f"conflicts_{uuid.uuid4().hex[:8]}")
    yield opened
    opened.close()


def test_writers_of_one_counter_all_get_their_number_and_few_run_more_than_twice(store: Database) -> None:
    runs, guard, together = [0], Lock(), Barrier(WRITERS)
    company = "c" * 32
    store.tenant(company).collection("settings").insert({"_id": "one"})

    def take(_: int) -> int:
        together.wait(20)

        def work(client_session: Any) -> int:
            with guard:
                runs[0] += 1
            tenant = store.tenant(company, client_session)
            for _ in range(4):
                tenant.collection("settings").find_one({"_id": "one"})
            return tenant.collection("counters").next_numbers("nfe")[0]

        return store.transact(work, 60, company)

    with ThreadPoolExecutor(WRITERS) as threads:
        numbers = sorted(threads.map(take, range(WRITERS)))
    assert numbers == list(range(1, WRITERS + 1))
    assert runs[0] <= 3 * WRITERS
