"""Restarts, kills and evicts pods of the namespace by kubectl, and waits until all is as it was."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass
from typing import Any

from tests.support.stack.ports import wait_for

READY_SECONDS = 300


def kubectl(*arguments: str, given: str = "") -> str:
    """What it prints; AssertionError with its words where it fails."""
    done = subprocess.run(["kubectl", "-n", namespace(), *arguments], input=given, capture_output=True, text=True)
    assert done.returncode == 0, f"kubectl {' '.join(arguments)}: {done.stderr.strip()}"
    return done.stdout


def namespace() -> str:
    return os.environ.get("NAMESPACE", "vinculo-dev")


@dataclass(frozen=True)
class Part:
    """A Deployment or StatefulSet, by kind and name."""

    kind: str
    name: str

    @property
    def pods(self) -> list[str]:
        """Those that are not on their way out."""
        found = json.loads(kubectl("get", "pods", "-l", f"app.kubernetes.io/name={self.name}", "-o", "json"))["items"]
        return [one["metadata"]["name"] for one in found if "deletionTimestamp" not in one["metadata"]]

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(kubectl("get", self.kind, self.name, "-o", "json"))
        return found

    def whole(self) -> bool:
        found = self.status()
        wanted, status = found["spec"]["replicas"], found["status"]
        return bool(
            status.get("observedGeneration") == found["metadata"]["generation"]
            and status.get("readyReplicas", 0) == status.get("updatedReplicas", 0) == status["replicas"] == wanted
        )

    def wait(self) -> None:
        wait_for(self.whole, READY_SECONDS, f"{self.name} whole")

    def restart(self) -> None:
        """As a rollout: new pods, one after the other."""
        kubectl("rollout", "restart", f"{self.kind}/{self.name}")
        kubectl("rollout", "status", f"{self.kind}/{self.name}", f"--timeout={READY_SECONDS}s")
        self.wait()

    def kill(self) -> None:
        """One pod, without a moment to say goodbye."""
        kubectl("delete", "pod", self.pods[0], "--grace-period=0", "--force", "--wait=false")
        time.sleep(1)
        self.wait()

    def evict(self) -> int:
        """Every pod, as the drain of nodes does: asked again while the disruption budget refuses; how often it did."""
        refusals = 0
        for pod in self.pods:
            while not evicted(pod):
                refusals += 1
                time.sleep(0.5)
        self.wait()
        return refusals


def evicted(pod: str) -> bool:
    """False where a disruption budget forbids it now."""
    wanted = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": namespace()}}
    try:
        path = f"/api/v1/namespaces/{namespace()}/pods/{pod}/eviction"
        kubectl("create", "--raw", path, "-f", "-", given=json.dumps(wanted))
    except AssertionError as refusal:
        if "disruption budget" not in str(refusal):
            raise
        return False
    return True
