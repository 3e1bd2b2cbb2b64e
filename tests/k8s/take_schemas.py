"""Takes the schemas of the kinds that k8s/ uses out of Kubernetes' own definitions, and makes them strict.

`python -m tests.k8s.take_schemas _definitions.json`, the file of a Kubernetes version in PyPI's package
kubernetes-validate. Writes schemas/kubernetes.json, which the tests read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

WRITTEN = Path(__file__).parent / "schemas" / "kubernetes.json"
KINDS = {
    "v1/ConfigMap": "io.k8s.api.core.v1.ConfigMap",
    "v1/Namespace": "io.k8s.api.core.v1.Namespace",
    "v1/PersistentVolume": "io.k8s.api.core.v1.PersistentVolume",
    "v1/Secret": "io.k8s.api.core.v1.Secret",
    "v1/Service": "io.k8s.api.core.v1.Service",
    "v1/ServiceAccount": "io.k8s.api.core.v1.ServiceAccount",
    "apps/v1/Deployment": "io.k8s.api.apps.v1.Deployment",
    "apps/v1/StatefulSet": "io.k8s.api.apps.v1.StatefulSet",
    "batch/v1/Job": "io.k8s.api.batch.v1.Job",
    "networking.k8s.io/v1/Ingress": "io.k8s.api.networking.v1.Ingress",
    "networking.k8s.io/v1/NetworkPolicy": "io.k8s.api.networking.v1.NetworkPolicy",
    "policy/v1/PodDisruptionBudget": "io.k8s.api.policy.v1.PodDisruptionBudget",
}
# Written with a unit or without: the definitions say "string" only.
EITHER = {"io.k8s.apimachinery.pkg.api.resource.Quantity", "io.k8s.apimachinery.pkg.util.intstr.IntOrString"}


def strict(schema: Any) -> Any:
    """Without descriptions, and with no property but those that are named."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        key: {name: strict(one) for name, one in value.items()} if key == "properties" else strict(value)
        for key, value in schema.items()
        if key not in ("description", "x-kubernetes-group-version-kind", "default")
    }
    if "properties" in found:
        found.setdefault("additionalProperties", False)
    return found


def needed(definitions: dict[str, Any]) -> dict[str, Any]:
    """The kinds' definitions, and those that they name."""
    found: dict[str, Any] = {}
    left = list(KINDS.values())
    while left:
        name = left.pop()
        if name in found:
            continue
        found[name] = {"type": ["string", "number"]} if name in EITHER else strict(definitions[name])
        text = json.dumps(found[name])
        left += [part.split('"')[0] for part in text.split("#/$defs/")[1:]]
    return found


def main() -> None:
    definitions = json.loads(Path(sys.argv[1]).read_text())["$defs"]
    taken = {"kinds": KINDS, "$defs": dict(sorted(needed(definitions).items()))}
    WRITTEN.write_text(json.dumps(taken, indent=None, separators=(",", ":"), sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
