"""Row O6: the last release and this tree side by side, on the same queues and data, under load: nothing fails, is lost
or done twice, whichever part is replaced first, and on the way back."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.stack.load import Load
from tests.support.stack.ports import free_port, wait_for
from tests.support.stack.system import ROOT, SERVICES, Process, System

# v0.1.0. After a release, its commit.
LAST_RELEASE = "fb0b5338e6f3027f45bf383f71ad910c454bc200"
GATEWAY = "gateway"
SERVICES_FIRST, GATEWAY_FIRST = (*SERVICES, GATEWAY), (GATEWAY, *SERVICES)
# How long both versions of a part work beside each other, at least.
TOGETHER_SECONDS = 3


@pytest.fixture(scope="module")
def last_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("release")
    archive = subprocess.run(["git", "archive", LAST_RELEASE], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x"], cwd=tree, input=archive, check=True)
    return tree


class Upgrading:
    """A system whose parts are replaced one by one, each beside the one that it replaces."""

    def __init__(self, system: System) -> None:
        self._system, self._count = system, 0

    def replace(self, name: str, tree: Path) -> None:
        """By the same part of another tree. The gateway's callers are led to the new one, as a proxy would do."""
        self._count += 1
        old, port, metrics = self._system.processes[name], free_port(), free_port()
        env = {**old.env, "PYTHONPATH": str(tree), "VINCULO_HEALTH_PORT": str(port)}
        if name == GATEWAY:
            env |= {"VINCULO_GATEWAY_BIND": f"127.0.0.1:{port}", "VINCULO_METRICS_BIND": f"127.0.0.1:{metrics}"}
        new = Process(name, old.command, env, self._system.folder / f"{name}-{self._count}.log", tree)
        new.start()
        self._system.processes[f"{name}-new"] = new  # so that it is stopped whatever happens
        wait_for(lambda: _ready(port), 120, f"{name} of {tree.name}")
        self._system.processes[name], self._system.ports[name] = new, port
        del self._system.processes[f"{name}-new"]
        time.sleep(TOGETHER_SECONDS)
        assert old.stop() == 0, old.log_text()[-2000:]


def _ready(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/ready", timeout=2).ok
    except requests.RequestException:
        return False


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    running = System()
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.mark.timeout(1200)
def test_each_part_is_replaced_under_load_in_both_orders_and_back(system: System, last_release: Path) -> None:
    ways = [
        ("back, services first", SERVICES_FIRST, last_release),
        ("upgrade, gateway first", GATEWAY_FIRST, ROOT),
        ("back, gateway first", GATEWAY_FIRST, last_release),
        ("upgrade, services first", SERVICES_FIRST, ROOT),
    ]
    upgrading = Upgrading(system)
    for name, order, tree in ways:
        load = Load(system, name)
        with load.running():
            began = time.monotonic()
            for part in order:
                upgrading.replace(part, tree)
            took = time.monotonic() - began
        assert load.settle(began, replaced_s=took), name
        assert {process.alive() for process in system.processes.values()} == {True}
