"""The embedded database under many writers at once, and after a kill."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pymongo
import pytest

from deploy.local import database
from deploy.local.database import Database

WRITERS, EACH, PART = 60, 5, 256 << 10


def test_writers_of_attachments_do_not_stop_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # a sixteenth of its cache: so that few changes are a tenth of it
    monkeypatch.setattr(database, "CACHE", "64M")
    embedded = Database(tmp_path, given="")
    try:
        uri = embedded.start()
        with ThreadPoolExecutor(WRITERS) as threads:
            list(threads.map(lambda writer: write_parts(uri, writer), range(WRITERS)))
        embedded.kill()
        with connected(embedded.start()) as client:
            assert client.test.parts.count_documents({}) == WRITERS * EACH
    finally:
        embedded.stop()


def test_its_tables_have_large_pages(tmp_path: Path) -> None:
    embedded = Database(tmp_path, given="")
    try:
        with connected(embedded.start()) as client:
            client.test.parts.insert_one({"_id": 1})
    finally:
        embedded.stop()
    tables = (tmp_path / "data" / "WiredTiger.wt").read_bytes()
    assert tables.count(b"memory_page_max=64MB") > 10, "the engine's own default stops it under a steady load"


REAPED = """
import runpy, sys, time
engine = runpy.run_path(sys.argv[1])
engine["_reap"].__globals__["REAP_SECONDS"] = 0.01
engine["reap_transactions"]()
registry = engine["TransactionRegistry"](lifetime_seconds=0.05)
registry.for_statement(b"session", None, 1, start=True)
until = time.monotonic() + 30
while len(registry) and time.monotonic() < until:
    time.sleep(0.01)
print("left:", len(registry))
"""


def test_an_expired_transaction_ends_though_no_other_one_begins() -> None:
    program = str(Path(database.__file__).with_name("engine.py"))
    done = subprocess.run([sys.executable, "-P", "-c", REAPED, program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "left: 0"


def connected(uri: str) -> pymongo.MongoClient[Any]:
    return pymongo.MongoClient(uri, timeoutMS=60_000, retryWrites=False)


def write_parts(uri: str, writer: int) -> None:
    with connected(uri) as client:
        for number in range(EACH):
            part = {"_id": f"{writer}:{number}", "data": os.urandom(PART)}

            def write(session: Any, part: dict[str, Any] = part) -> None:
                client.test.parts.insert_one(part, session=session)
                client.test.uploads.update_one({"_id": writer}, {"$inc": {"parts": 1}}, upsert=True, session=session)

            with client.start_session() as session:
                session.with_transaction(write)
