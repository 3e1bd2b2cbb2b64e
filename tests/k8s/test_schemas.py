"""Every object of every overlay is what its kind allows, and nothing else: a word that is misspelt fails."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tests.k8s.objects import FOLDER, OVERLAYS, ROOT, Object, name_of, rendered

OWN = json.loads((Path(__file__).parent / "schemas" / "kubernetes.json").read_text())
# One file a kind, `<group>/<kind>_<version>.json`: those of the operators, where somebody has them.
CUSTOM = Path(os.environ.get("VINCULO_CRDS", ROOT.parent / "shared" / "crds"))
CUSTOM_GROUPS = {
    "external-secrets.io", "gateway.networking.k8s.io", "keda.sh", "monitoring.coreos.com", "psmdb.percona.com",
    "rabbitmq.com",
}  # fmt: skip


@functools.cache
def checker(api: str, kind: str) -> Any:
    """The validator of a kind; None for an operator's whose schema is not here; KeyError for one that nobody knows."""
    group, _, version = api.rpartition("/")
    if group in CUSTOM_GROUPS:
        path = CUSTOM / group / f"{kind.lower()}_{version}.json"
        if CUSTOM.is_dir() and not path.exists():
            raise KeyError(f"{api}/{kind}")
        return jsonschema_rs.validator_for(json.loads(path.read_text())) if path.exists() else None
    schema = {"$ref": f"#/$defs/{OWN['kinds'][f'{api}/{kind}']}", "$defs": OWN["$defs"]}
    return jsonschema_rs.Draft202012Validator(schema)


def troubles(one: Object) -> Iterator[str]:
    validator = checker(one["apiVersion"], one["kind"])
    for error in validator.iter_errors(one) if validator else ():
        yield f"{name_of(one)}: {'.'.join(map(str, error.instance_path))}: {error.message[:300]}"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_object_is_valid_for_its_kind(overlay: str) -> None:
    assert [trouble for one in rendered(overlay) for trouble in troubles(one)] == []


def test_an_unknown_kind_and_an_unknown_field_are_found() -> None:
    """So that the test above means something."""
    with pytest.raises(KeyError):
        list(troubles({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "x"}}))
    misspelt = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"selektor": {}}}
    assert list(troubles(misspelt))


@pytest.mark.skipif(not CUSTOM.is_dir(), reason="the schemas of the operators' kinds are not here (VINCULO_CRDS)")
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_object_is_unchecked(overlay: str) -> None:
    assert [name_of(one) for one in rendered(overlay) if checker(one["apiVersion"], one["kind"]) is None] == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_object_is_there_twice(overlay: str) -> None:
    names = [name_of(one) for one in rendered(overlay)]
    assert sorted(names) == sorted(set(names))


def test_every_component_is_used_or_documented() -> None:
    components = {path.parent.name for path in FOLDER.glob("components/*/kustomization.yaml")}
    texts = [path.read_text() for path in FOLDER.glob("overlays/*/kustomization.yaml")]
    texts.append((FOLDER / "README.md").read_text())
    assert {
        name
        for name in components
        if not any(f"components/{name}" in text or f"| `{name}` |" in text for text in texts)
    } == set()
