"""What the chassis relies on under eventlet, at the pinned versions: a silent database stops no other greenlet, and
greenlets that share a connection do not mix their frames."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from typing import Any

from tests.chaos.rig import Rig
from tests.support.stack.system import ROOT


def run(rig: Rig, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.support.stack.green_checks", *arguments]
    done = subprocess.run(command, env=rig.env, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_silent_database_does_not_stop_the_other_greenlets(rig: Rig) -> None:
    found = run(rig, "silent-database")
    assert all(found["errors"]), found
    assert found["seconds"] < 15
    assert found["ticks"] > found["seconds"] / 0.02 / 4, found


def test_greenlets_that_write_to_one_connection_at_once_do_not_mix_their_frames(rig: Rig) -> None:
    found = run(rig, "shared-connection", rig.broker.uri, f"frames-{uuid.uuid4().hex}")
    assert found == {"whole": True, "count": 300}
