"""Row A4: a tree of groups and leaves; what a leaf leaves open comes from its groups."""

from __future__ import annotations

from typing import Any

from tests.support.builders.attendance import put, set_up, unique_key
from tests.support.stack.system import Client

PATH = "/v1/attendance-types"


def add(ana: Client, kind: str, parent: str | None = None, **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = ana.post(
        PATH, {"id": unique_key(), "kind": kind, "name": "Tipo", "parent_id": parent, **fields}
    )
    return made


def test_a_leaf_inherits_from_the_nearest_group(ana: Client) -> None:
    made = set_up(ana)
    inner = add(ana, "group", made.group, priority="high", days_to_next_contact=10)
    leaf = add(ana, "leaf", inner["id"], days_to_next_contact=1, billing_workflow_id=made.workflow)
    assert leaf["effective"] == {
        "priority": "high", "days_to_next_contact": 1, "colour": "#00aa55",
        "workflow": {"id": made.workflow, "name": "Reparo"}, "cycle": {"id": made.cycle, "name": "Ciclo"},
    }  # fmt: skip
    assert (leaf["workflow"], leaf["colour"], leaf["billing_workflow"]["id"]) == (None, None, made.workflow)
    assert leaf in ana.get(PATH)["items"]
    put(ana, f"{PATH}/{made.group}", {"kind": "group", "name": "Suporte", "colour": "#112233"})
    effective = ana.get(f"{PATH}/{leaf['id']}")["effective"]
    assert (effective["colour"], effective["workflow"]) == ("#112233", None)
