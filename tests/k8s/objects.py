"""What the overlays of k8s/ render to: objects, and their pods."""

from __future__ import annotations

import functools
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "k8s"
OVERLAYS = tuple(sorted(path.parent.name for path in FOLDER.glob("overlays/*/kustomization.yaml")))
Object = dict[str, Any]


@functools.cache
def rendered(overlay: str) -> tuple[Object, ...]:
    """All objects of an overlay; skips the test where no kustomize is on this machine."""
    for command in (["kubectl", "kustomize"], ["kustomize", "build"]):
        if shutil.which(command[0]):
            done = subprocess.run([*command, FOLDER / "overlays" / overlay], capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            return tuple(yaml.load_all(done.stdout, yaml.CSafeLoader))
    pytest.skip("neither kubectl nor kustomize is on this machine")


def name_of(one: Object) -> str:
    return f"{one['kind']}/{one['metadata']['name']}"


def of_kind(overlay: str, *kinds: str) -> list[Object]:
    return [one for one in rendered(overlay) if one["kind"] in kinds]


@dataclass(frozen=True)
class Pod:
    """A template of pods."""

    owner: Object
    labels: dict[str, str]
    spec: Object

    @property
    def name(self) -> str:
        return name_of(self.owner)

    @property
    def containers(self) -> list[Object]:
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    @property
    def ports(self) -> dict[str, int]:
        return {port["name"]: port["containerPort"] for one in self.containers for port in one.get("ports", [])}


def pods(overlay: str) -> list[Pod]:
    """Those that we write; operators' kinds make others."""
    found = []
    for one in of_kind(overlay, "Deployment", "StatefulSet", "Job"):
        template = one["spec"]["template"]
        found.append(Pod(one, template["metadata"]["labels"], template["spec"]))
    return found


# The pods that operators make of their kinds: their names, and labels beside those that we give.
MADE = {
    "RabbitmqCluster": {"app.kubernetes.io/name": "rabbitmq", "vinculo/serves": "broker"},
    "PerconaServerMongoDB": {"app.kubernetes.io/component": "mongod", "vinculo/serves": "database"},
}
MADE_PORTS = {"RabbitmqCluster": {5672, 15672, 4369, 25672}, "PerconaServerMongoDB": {27017}}


def all_labels(overlay: str) -> dict[str, dict[str, str]]:
    """Of all pods, operators' too, by the name of what makes them."""
    own = {pod.name: pod.labels for pod in pods(overlay)}
    return own | {name_of(one): MADE[one["kind"]] for one in of_kind(overlay, *MADE)}


def ports_of(overlay: str) -> dict[str, set[int]]:
    own = {pod.name: set(pod.ports.values()) for pod in pods(overlay)}
    return own | {name_of(one): MADE_PORTS[one["kind"]] for one in of_kind(overlay, *MADE_PORTS)}


def selects(selector: Object | None, labels: dict[str, str]) -> bool:
    """As Kubernetes does: an empty selector selects everything, a missing one nothing."""
    if selector is None:
        return False
    equal = all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
    return equal and all(_holds(one, labels) for one in selector.get("matchExpressions", []))


def _holds(expression: Object, labels: dict[str, str]) -> bool:
    assert expression["operator"] == "In", expression
    return labels.get(expression["key"]) in expression["values"]


def values(value: Any, key: str) -> Iterator[Any]:
    """Every value of a key, wherever it stands."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name == key:
                yield one
            yield from values(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from values(one, key)
