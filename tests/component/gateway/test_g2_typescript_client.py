"""Row G2: a TypeScript client is generated from the document, compiles under `--strict` and does what it says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.contract.write_openapi import COMMITTED
from tests.support.stack.system import PASSWORD, System

SOURCES = Path(__file__).parents[2] / "clients" / "typescript"
FILES = ("package.json", "package-lock.json", ".npmrc", "smoke.ts")
# What has a default may be left out of a request.
OPTIONS = ("-o", "vinculo.ts", "--default-non-nullable=false")
STRICT = ("--strict", "--module", "nodenext", "--moduleResolution", "nodenext", "--target", "es2022")

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or shutil.which("npm") is None, reason="needs Node.js and npm, which are not here"
)


def run(folder: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240, env={**os.environ, **env})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Client and compiler as the lock file says."""
    made = tmp_path_factory.mktemp("typescript")
    for name in FILES:
        shutil.copy(SOURCES / name, made / name)
    installed = run(made, "npm", "ci", "--no-audit", "--no-fund", "--prefer-offline")
    if installed.returncode != 0:
        pytest.skip(f"npm could not install the compiler: {installed.stderr[-200:]}")
    written = run(made, "npx", "openapi-typescript", str(COMMITTED), *OPTIONS)
    assert written.returncode == 0, written.stderr[-3000:]
    return made


@pytest.mark.timeout(600)
def test_it_compiles_strictly_and_signs_in_writes_edits_and_is_refused(system: System, folder: Path) -> None:
    compiled = run(folder, "npx", "tsc", *STRICT, "smoke.ts")
    assert compiled.returncode == 0, compiled.stdout[-3000:]
    who = {"VINCULO_LOGIN": "ana@padaria.example", "VINCULO_PASSWORD": PASSWORD}
    done = run(folder, "node", "smoke.js", VINCULO_API=system.url, **who)
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout) == {
        "amount": "1234.50", "responsible": "Ana", "subject": "Forno maior",
        "codes": ["version_changed", "precondition_required"],
    }  # fmt: skip
