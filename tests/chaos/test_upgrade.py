"""Row O6: two versions side by side, on the same queues and data, under load: nothing fails, is lost or done twice,
whichever part is replaced first, and on the way back.

The last release with this tree, and this tree with what the next release may do to it: write fields that it does not
know. `VINCULO_UPGRADE_FROM` names another revision than the last release.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.support.stack.load import Load
from tests.support.stack.ports import free_port, wait_for
from tests.support.stack.system import ROOT, SERVICES, Process, System

# Its processes cannot read what later ones write (CHANGELOG.md).
UNREADABLE = "v0.1.0"
GATEWAY = "gateway"
SERVICES_FIRST, GATEWAY_FIRST = (*SERVICES, GATEWAY), (GATEWAY, *SERVICES)
# How long both versions of a part work beside each other, at least.
TOGETHER_SECONDS = 3


@dataclass(frozen=True)
class Version:
    """A tree of code, and how its services are run."""

    tree: Path
    runner: str = "services.chassis.process.runner"


THIS = Version(ROOT)
NEXT = Version(ROOT, "tests.support.stack.later_runner")


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout


def last_release() -> str | None:
    """A revision: the one that the environment names, else the newest tag."""
    tags = git("tag", "--list", "v*", "--sort=-version:refname").decode().split()
    released = [tag for tag in tags if tag != UNREADABLE]
    return os.environ.get("VINCULO_UPGRADE_FROM") or next(iter(released), None)


@pytest.fixture(scope="module")
def last(tmp_path_factory: pytest.TempPathFactory) -> Version:
    revision = last_release()
    if revision is None:
        pytest.skip("there is no release to begin from; VINCULO_UPGRADE_FROM names a revision")
    tree = tmp_path_factory.mktemp("release")
    subprocess.run(["tar", "-x"], cwd=tree, input=git("archive", revision), check=True)
    return Version(tree)


class Upgrading:
    """A system whose parts are replaced one by one, each beside the one that it replaces."""

    def __init__(self, system: System) -> None:
        self._system, self._count = system, 0

    def replace(self, name: str, version: Version) -> None:
        """By the same part of another version. The gateway's callers are led to the new one, as a proxy would do."""
        self._count += 1
        old, port, metrics = self._system.processes[name], free_port(), free_port()
        env = {**old.env, "PYTHONPATH": str(version.tree), "VINCULO_HEALTH_PORT": str(port)}
        command = [*old.command]
        if name == GATEWAY:
            env |= {"VINCULO_GATEWAY_BIND": f"127.0.0.1:{port}", "VINCULO_METRICS_BIND": f"127.0.0.1:{metrics}"}
        else:
            command[command.index("-m") + 1] = version.runner
        new = Process(name, command, env, self._system.folder / f"{name}-{self._count}.log", version.tree)
        new.start()
        self._system.processes[f"{name}-new"] = new  # so that it is stopped whatever happens
        wait_for(lambda: _ready(port), 120, f"{name} of {version.tree.name}")
        self._system.processes[name], self._system.ports[name] = new, port
        del self._system.processes[f"{name}-new"]
        time.sleep(TOGETHER_SECONDS)
        assert old.stop() == 0, old.log_text()[-2000:]

    def replace_all(self, name: str, order: tuple[str, ...], version: Version) -> None:
        """Under load, of which nothing may fail."""
        load = Load(self._system, name)
        with load.running():
            began = time.monotonic()
            for part in order:
                self.replace(part, version)
            took = time.monotonic() - began
        assert load.settle(began, replaced_s=took), name
        assert {process.alive() for process in self._system.processes.values()} == {True}


def _ready(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/ready", timeout=2).ok
    except requests.RequestException:
        return False


@pytest.fixture
def upgrading() -> Iterator[Upgrading]:
    with System() as running:
        yield Upgrading(running)


@pytest.mark.timeout(1200)
def test_each_part_is_replaced_under_load_in_both_orders_and_back(upgrading: Upgrading, last: Version) -> None:
    upgrading.replace_all("back, services first", SERVICES_FIRST, last)
    upgrading.replace_all("upgrade, gateway first", GATEWAY_FIRST, THIS)
    upgrading.replace_all("back, gateway first", GATEWAY_FIRST, last)
    upgrading.replace_all("upgrade, services first", SERVICES_FIRST, THIS)


@pytest.mark.timeout(1200)
def test_the_next_version_may_write_more_than_this_one_knows(upgrading: Upgrading) -> None:
    upgrading.replace_all("next version, services first", SERVICES_FIRST, NEXT)
    upgrading.replace_all("next version and back, gateway first", GATEWAY_FIRST, THIS)
    upgrading.replace_all("next version, gateway first", GATEWAY_FIRST, NEXT)
    upgrading.replace_all("next version and back, services first", SERVICES_FIRST, THIS)
