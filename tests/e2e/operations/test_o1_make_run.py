"""Row O1: `make run` brings up two companies with data on a machine that has none, and a second start resumes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.stack.system import ROOT

SECONDS = 280


def run(folder: Path) -> str:
    """What it prints until all is ready; then it ends by itself."""
    env = {**os.environ, "VINCULO_RUN_FOLDER": str(folder), "VINCULO_RUN_ONCE_READY": "1"}
    for given in ("AMQP_URI", "MONGO_URI"):
        env.pop(given, None)
    command = [sys.executable, "-m", "deploy.local.run"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(2 * SECONDS)
def test_it_brings_up_the_demonstration_and_resumes(tmp_path: Path) -> None:
    first, second = run(tmp_path / "run"), run(tmp_path / "run")
    person = (tmp_path / "run" / "demo-person").read_text().strip()
    assert "dados de demonstração" in first
    assert f"/v1/persons/{person}/view" in first
    assert "dados de demonstração" not in second
    assert f"/v1/persons/{person}/view" in second
    assert "Encerrado." in second
