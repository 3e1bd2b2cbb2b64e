"""The import contracts hold, and each of them would see its violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLANTED = {
    "No service imports another": ("services/sales/opportunities/model.py", "import services.people.persons.contract"),
    "The chassis knows no service": ("services/chassis/observability/logs.py", "import services.sales.events"),
    "Inside the chassis": ("services/chassis/storage/mongo.py", "import services.chassis.process.runtime"),
    "The gateway imports the chassis and contracts only": (
        "gateway/bus/rpc.py",
        "import services.people.persons.repository",
    ),
    "The gateway reaches a model": ("gateway/bus/rpc.py", "import services.people.persons.commands"),
    "Inside a service": ("services/sales/events.py", "import services.sales.service"),
    "Inside a feature": ("services/sales/quotes/repository.py", "import services.sales.quotes.commands"),
    "The features of sales": ("services/sales/commission/accruing.py", "import services.sales.closing.commands"),
    "The features of attendance": (
        "services/attendance/timeline/writing.py",
        "import services.attendance.entries.commands",
    ),
    "The features of people": ("services/people/persons/editing.py", "import services.people.merging.commands"),
    "A model knows no framework": ("services/sales/opportunities/model.py", "import pymongo"),
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
    broken = [text for text in done.stdout.splitlines() if " BROKEN" in text and text.startswith(contract)]
    assert broken, done.stdout + done.stderr
