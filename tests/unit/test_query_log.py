"""What the tests of a running system know of its reads: the service's own runner, with a listener of pymongo's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from tests.support.query_log import QueryLog

# As `python -m tests.support.stack.recording_runner`, but for what it would then serve.
RECORDED = """
from tests.support.stack import recording_runner
recording_runner.runner.main = lambda: None
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


def test_the_recording_runner_patches_first_and_hears_every_client(tmp_path: Path) -> None:
    env = {**os.environ, "VINCULO_RECORD_QUERIES": str(tmp_path / "queries")}
    done = subprocess.run([sys.executable, "-c", RECORDED], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split(" ", 1) == ["True", "['QueryLog']\n"]
