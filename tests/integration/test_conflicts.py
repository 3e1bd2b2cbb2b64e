"""Transactions that meet over one record each get their turn, and the work does not grow with their number's square."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Lock
from typing import Any

import pytest
from pymongo.errors import PyMongoError

from deploy.local.database import Database as Server
from services.chassis.errors import Conflict
from services.chassis.storage.database import Database
from tests.support.fakes.proxy import Proxy

WRITERS = 24
# Of a minute, after which the engine ends a transaction by itself.
MOST_SECONDS = 15


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


def test_numbers_that_are_taken_beside_their_transactions_make_none_of_them_run_twice(store: Database) -> None:
    """Some of them are refused after they took theirs: nobody misses it."""
    runs, guard, together = [0], Lock(), Barrier(WRITERS)
    company = "c" * 32

    def take(number: int) -> int | None:
        together.wait(20)

        def work(client_session: Any) -> int:
            with guard:
                runs[0] += 1
            tenant = store.tenant(company, client_session)
            taken = tenant.collection("counters").take_numbers("person_code")[0]
            if number % 6 == 0:
                raise Conflict("refused")
            tenant.collection("persons").insert({"_id": f"p{number}", "code": taken})
            return taken

        try:
            return store.transact(work, 60, company)
        except Conflict:
            return None

    store.tenant(company).collection("persons").insert({"_id": "first", "code": 0})
    with ThreadPoolExecutor(WRITERS) as threads:
        numbers = [one for one in threads.map(take, range(WRITERS)) if one is not None]
    assert runs[0] == WRITERS
    unused = WRITERS // 6
    next_ones = store.tenant(company).collection("counters").take_numbers("person_code", unused)
    assert sorted(numbers + next_ones)[: len(numbers)] == list(range(1, len(numbers) + 1))
    assert len({*numbers, *next_ones}) == WRITERS


def test_a_transaction_whose_time_ends_inside_the_engine_holds_nobody_up(database: Server) -> None:
    """Its process gives up while an answer is on its way, and has no time left to say so."""
    proxy = Proxy(("127.0.0.1", database.port))
    host, port = proxy.address
    name, company = f"conflicts_{uuid.uuid4().hex[:8]}", "c" * 32
    slow, other = Database(f"mongodb://{host}:{port}/?directConnection=true", name), Database(database.uri, name)

    def take(store: Database, client_session: Any) -> int:
        return store.tenant(company, client_session).collection("counters").next_numbers("nfe")[0]

    def interrupted(client_session: Any) -> int:
        take(slow, client_session)
        proxy.freeze("down")
        return take(slow, client_session)

    assert slow.transact(partial(take, slow), 5, company) == 1
    with pytest.raises(PyMongoError):
        slow.transact(interrupted, 1, company)
    proxy.thaw()
    assert other.transact(partial(take, other), MOST_SECONDS, company) == 2
    for store in (slow, other):
        store.close()
