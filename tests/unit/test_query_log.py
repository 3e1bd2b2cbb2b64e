"""What the tests of a running system know of its reads: the service's own runner, with a listener of pymongo's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from tests.support.query_log import QueryLog
from tests.support.stack.system import ROOT
from tests.support.vocabulary import documented, unlisted

# As `python -m tests.support.stack.recording_runner`, but for what it would then serve.
RECORDED = """
from tests.support.stack import recording_runner
recording_runner.brisk_runner.main = lambda: None
recording_runner.main()
import eventlet.patcher
import pymongo
heard = pymongo.MongoClient(connect=False)._event_listeners.event_listeners()
print(eventlet.patcher.is_monkey_patched("socket"), [type(one).__name__ for one in heard])
"""


def test_a_read_leaves_its_shape_and_a_write_nothing(tmp_path: Path) -> None:
    log = QueryLog(str(tmp_path / "queries"))
    find = {"find": "persons", "filter": {"company": "c1"}, "limit": 20, "lsid": "x"}
    log.started(SimpleNamespace(command_name="find", database_name="people", command=find))
    log.started(SimpleNamespace(command_name="insert", database_name="people", command={"insert": "persons"}))
    (line,) = (tmp_path / "queries").read_text().splitlines()
    assert json.loads(line) == {
        "database": "people", "collection": "persons", "command": "find", "filter": {"company": "c1"}, "limit": 20,
    }  # fmt: skip


def test_each_word_that_is_said_to_the_database_is_written_down_once(tmp_path: Path) -> None:
    log = QueryLog(str(tmp_path / "queries"))
    update = {
        "update": "persons", "ordered": True, "lsid": {"id": "x"},
        "updates": [{"q": {"_id": 1, "n": {"$lt": 2}}, "u": {"$set": {"a": {"$odd": "data"}}}, "upsert": True}],
    }  # fmt: skip
    insert = {"insert": "persons", "documents": [{"$weird": 1}], "ordered": False}
    for command in (update, update, insert):
        log.started(SimpleNamespace(command_name=next(iter(command)), database_name="people", command=command))
    said = (tmp_path / "queries.words").read_text().split()
    assert sorted(said) == sorted({*said})
    assert {*said} == {"update", "updates", "ordered", "lsid", "$lt", "$set", "insert", "documents"}
    assert unlisted(tmp_path / "queries") == set()
    odd = {"mapReduce": "persons"}
    log.started(SimpleNamespace(command_name="mapReduce", database_name="people", command=odd))
    assert unlisted(tmp_path / "queries") == {"mapReduce"}


def test_every_operator_in_the_code_is_in_the_page() -> None:
    sources = (path.read_text() for folder in ("services", "deploy") for path in (ROOT / folder).rglob("*.py"))
    used = {word for text in sources for word in re.findall(r'"(\$[a-zA-Z]+)"', text)}
    assert "$set" in used
    assert used - documented() == set()


def test_the_recording_runner_patches_first_and_hears_every_client(tmp_path: Path) -> None:
    env = {**os.environ, "VINCULO_RECORD_QUERIES": str(tmp_path / "queries")}
    done = subprocess.run([sys.executable, "-c", RECORDED], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split(" ", 1) == ["True", "['QueryLog']\n"]
