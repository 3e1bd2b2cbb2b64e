"""The import contracts hold, and each of them would see its violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLANTED = {
    "No service imports another": ("services/sales/domain/opportunity.py", "import services.people.contract"),
    "The chassis knows no service": ("services/chassis/logs.py", "import services.sales.domain"),
    "The gateway imports the chassis and contracts only": ("gateway/rpc.py", "import services.people.store"),
    "The gateway reaches a domain only through its contract": ("gateway/rpc.py", "import services.people.domain"),
    "Inside a service": ("services/sales/store/opportunities.py", "import services.sales.use_cases.opportunities"),
    "The domain knows no framework": ("services/sales/domain/opportunity.py", "import pymongo"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([str(program), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def copy_of_the_tree(folder: Path) -> None:
    for part in ("services", "gateway"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)


def test_the_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("contract", sorted(PLANTED))
def test_a_planted_violation_is_seen(contract: str, tmp_path: Path) -> None:
    copy_of_the_tree(tmp_path)
    name, line = PLANTED[contract]
    planted = tmp_path / name
    planted.write_text(planted.read_text() + f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    broken = [text for text in done.stdout.splitlines() if text.endswith("BROKEN") and text.startswith(contract)]
    assert broken, done.stdout + done.stderr
