"""A transaction's writes that wait to be sent together (ADR 0050), by an engine with `bulkWrite` and by one without."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, get_ident
from typing import Any

import pytest
from pymongo.errors import DuplicateKeyError

from deploy.local.database import Database as Server
from services.chassis.errors import ConcurrentUpdate, Conflict
from services.chassis.storage.database import Database
from services.chassis.storage.tenant import Tenant
from services.chassis.storage.transaction import MOST_WRITES, Transaction
from tests.support.query_log import CommandLog, listening

COMPANY = "c" * 32
WRITERS = 8


@pytest.fixture(params=["together", "alone"])
def store(request: pytest.FixtureRequest, database: Server) -> Iterator[Database]:
    opened = Database(database.uri, f"waiting_{uuid.uuid4().hex[:8]}")
    vars(opened)["_has_bulk_write"] = request.param != "alone"
    opened.tenant(COMPANY).collection("records").insert({"_id": "r", "version": 1})
    yield opened
    opened.close()


def _write(tenant: Tenant, version: int = 2) -> None:
    tenant.collection("records").find_one({"_id": "r"})
    tenant.collection("entries").insert({"_id": "e"}, later=True)
    tenant.collection("records").replace({"_id": "r", "version": version}, later=True)
    tenant.collection("drafts").discard({"_id": "none"})
    tenant.collection("totals").increment_many([("t", {"count": 1}, {"stage_id": "s"})])


def _kept(store: Database, name: str) -> list[dict[str, Any]]:
    found = store.tenant(COMPANY).collection(name).find({}, [("_id", 1)], 1_000)
    return [{name: value for name, value in one.items() if name != "company"} for one in found]


def test_all_of_them_are_committed(store: Database) -> None:
    store.transact(lambda transaction: _write(store.tenant(COMPANY, transaction)), 20)
    assert _kept(store, "entries") == [{"_id": "e"}]
    assert _kept(store, "records") == [{"_id": "r", "version": 2}]
    assert _kept(store, "totals") == [{"_id": "t", "count": 1, "stage_id": "s"}]


def test_the_transaction_reads_what_it_wrote(store: Database) -> None:
    def work(transaction: Transaction) -> Any:
        tenant = store.tenant(COMPANY, transaction)
        _write(tenant)
        return tenant.collection("entries").find_one({"_id": "e"})

    assert store.transact(work, 20)["_id"] == "e"


def test_a_record_is_written_in_the_version_in_which_it_was_read(store: Database) -> None:
    """Nobody asks for the version then: who was between is found all the same (ADR 0052)."""
    versions = list[int]()

    def work(transaction: Transaction) -> None:
        records = store.tenant(COMPANY, transaction).collection("records")
        version = (records.find_one({"_id": "r"}) or {})["version"]
        if not versions:
            store.tenant(COMPANY).collection("records").replace({"_id": "r", "version": 2, "by": "between"})
        versions.append(version)
        records.replace({"_id": "r", "version": version + 1, "at": len(versions)}, later=True)
        records.replace({"_id": "r", "version": version + 2}, later=True)

    store.transact(work, 20)
    assert versions == [1, 2]
    assert _kept(store, "records") == [{"_id": "r", "version": 4, "by": "between", "at": 2}]


def test_what_is_made_under_an_id_that_begins_with_the_company_is_its_own(store: Database) -> None:
    rows = store.tenant(COMPANY).collection("settings")
    rows.put({"_id": f"{COMPANY}:put", "a": 1})
    rows.put_newer({"_id": f"{COMPANY}:newer", "sequence": 1}, by="sequence")
    rows.increment(f"{COMPANY}:count", {"n": 1}, {"name": "x"})
    assert {one["company"] for one in rows.find({}, [("_id", 1)], 9)} == {COMPANY}
    assert len(_kept(store, "settings")) == 3


def test_where_one_is_refused_none_is_kept(store: Database) -> None:
    store.tenant(COMPANY).collection("entries").insert({"_id": "e"})

    def taken(transaction: Transaction) -> None:
        tenant = store.tenant(COMPANY, transaction)
        tenant.collection("records").replace({"_id": "r", "version": 2}, later=True)
        tenant.collection("entries").insert({"_id": "e"}, later=True, taken=lambda: Conflict("entry_exists"))

    with pytest.raises(DuplicateKeyError, match=r"\.entries"):
        store.transact(lambda transaction: _write(store.tenant(COMPANY, transaction)), 20)
    with pytest.raises(Conflict, match="entry_exists") as refused:
        store.transact(taken, 20)
    assert isinstance(refused.value.__cause__, DuplicateKeyError)
    store.tenant(COMPANY).collection("entries").delete({"_id": "e"})
    with pytest.raises(ConcurrentUpdate):
        store.transact(lambda transaction: _write(store.tenant(COMPANY, transaction), version=7), 20)
    assert _kept(store, "records") == [{"_id": "r", "version": 1}]
    assert (_kept(store, "entries"), _kept(store, "totals")) == ([], [])


def test_writers_of_one_record_conflict_and_each_gets_its_turn(store: Database) -> None:
    together = Barrier(WRITERS)

    def add(_: int) -> None:
        together.wait(20)

        def work(transaction: Transaction) -> None:
            tenant = store.tenant(COMPANY, transaction)
            tenant.collection("records").find_one({"_id": "r"})
            tenant.collection("totals").increment_many([("t", {"count": 1}, {}), ("u", {"count": 1}, {})])

        store.transact(work, 60, COMPANY)

    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(add, range(WRITERS)))
    assert [one["count"] for one in _kept(store, "totals")] == [WRITERS, WRITERS]


def test_more_than_fit_are_sent_in_parts_and_large_ones_too(store: Database) -> None:
    large = "x" * (5 << 20)

    def work(transaction: Transaction) -> None:
        entries = store.tenant(COMPANY, transaction).collection("entries")
        for number in range(MOST_WRITES + 5):
            entries.insert({"_id": f"{number:03}"}, later=True)
        for number in range(4):
            entries.insert({"_id": f"large {number}", "text": large}, later=True)

    store.transact(work, 60)
    assert len(_kept(store, "entries")) == MOST_WRITES + 9


def test_they_are_one_command(database: Server) -> None:
    log = CommandLog()
    with listening(log):
        store = Database(database.uri, f"waiting_{uuid.uuid4().hex[:8]}")
    store.tenant(COMPANY).collection("records").insert({"_id": "r", "version": 1})
    with log.on(get_ident()) as commands:
        store.transact(lambda transaction: _write(store.tenant(COMPANY, transaction)), 20)
    assert [one.partition(": ")[2].split()[0] for one in commands] == [
        "hello",
        "find",
        "bulkWrite",
        "commitTransaction",
    ]
    store.close()
