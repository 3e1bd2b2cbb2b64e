"""What a process imports is in its image: packages of its lock, and modules that its Dockerfile copies.

In the environment of the tests every package is there, so nothing else would miss one.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions

import pytest

from services.catalogue import SERVICES
from tests.k8s.objects import ROOT

# Imports with the packages of others out of sight, as in the image; prints our modules that were loaded.
PROGRAM = """
import sys, json
hidden = set({hidden})
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)
sys.meta_path.insert(0, Hidden())
{statement}
print(json.dumps([name for name in sys.modules if name.startswith(("services.", "gateway.", "deploy."))]))
"""
DOCKERFILES = sorted(path.name for path in (ROOT / "deploy" / "images").glob("*.Dockerfile"))
PROCESSES = {
    **{name: (f"import services.chassis.process.runner, services.{name}.service", name) for name in SERVICES},
    "gateway": ("import gateway.app, gateway.http.serving.worker, gateway.documents.child", "gateway"),
    "operator": ("import deploy.topology, deploy.indexes", "operator"),
}


def loaded(process: str) -> list[str]:
    """Our modules that a process loads; AssertionError for a package that is not in its lock."""
    statement, lock = PROCESSES[process]
    known = locked(lock)
    hidden = [top for top, names in packages_distributions().items() if not {normal(one) for one in names} & known]
    program = PROGRAM.format(hidden=hidden, statement=statement)
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    found: list[str] = json.loads(done.stdout)
    return found


def locked(name: str) -> set[str]:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    return {normal(line.partition("==")[0]) for line in lines if re.match(r"[\w.-]+==", line)}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_imports_the_packages_of_its_lock_and_the_modules_of_its_image(process: str) -> None:
    """A service: its own and the chassis."""
    ours = loaded(process)
    if process in SERVICES:
        allowed = re.compile(rf"services\.({process}|chassis)(\.|$)")
        assert [name for name in ours if not allowed.match(name)] == []


@pytest.mark.parametrize("dockerfile", DOCKERFILES)
def test_an_image_runs_as_nobody_and_from_locked_packages(dockerfile: str) -> None:
    text = (ROOT / "deploy" / "images" / dockerfile).read_text()
    assert "\nUSER 10001:10001\n" in text
    installs = re.findall(r"pip install .*", text)
    assert installs
    assert all(re.search('--require-hashes -r "?requirements/', one) for one in installs)
