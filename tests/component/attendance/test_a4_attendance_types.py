"""Row A4: a tree of groups and leaves; what a leaf leaves open comes from its groups."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.attendance import open_one, put, set_up, unique_key
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client

PATH = "/v1/attendance-types"


def add(ana: Client, kind: str, parent: str | None = None, **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = ana.post(
        PATH, {"id": unique_key(), "kind": kind, "name": "Tipo", "parent_id": parent, **fields}
    )
    return made


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "leaf", "workflow_id": "x"}, "workflow_id"),
        ({"kind": "leaf", "cycle_id": "x"}, "workflow_id"),
        ({"kind": "group", "billing_workflow_id": "x"}, "billing_workflow_id"),
        ({"kind": "group", "workflow_id": "sumido"}, "workflow_id"),
        ({"kind": "group", "cycle_id": "sumido"}, "cycle_id"),
        ({"kind": "leaf", "parent_id": "sumido"}, "parent_id"),
        ({"kind": "leaf", "attachment_limit": 10 * 1024 * 1024 + 1}, "attachment_limit"),
        ({"kind": "leaf", "colour": "green"}, "colour"),
        ({"kind": "leaf", "days_to_next_contact": -1}, "days_to_next_contact"),
        ({"kind": "leaf", "critical": "maybe"}, "critical"),
        ({"kind": "leaf", "standard_texts": [{"id": "a", "name": "A", "text": "{{cpf}}"}]}, "standard_texts"),
        ({"kind": "leaf", "standard_texts": [{"id": "a", "name": "A", "text": "x"}] * 2}, "standard_texts"),
    ],
)
def test_a_wrong_type_is_refused_by_field(ana: Client, fields: dict[str, Any], field: str) -> None:
    field_refused(ana.request("POST", PATH, json={"id": unique_key(), "name": "x", **fields}), field)


def test_the_tree_stays_a_tree(ana: Client) -> None:
    outer = add(ana, "group")
    inner = add(ana, "group", outer["id"])
    leaf = add(ana, "leaf", inner["id"])
    circle = {"kind": "group", "name": "x", "parent_id": inner["id"]}
    refused(ana.request("PUT", f"{PATH}/{outer['id']}", json=circle), 422, "type_parent_invalid")
    under_leaf = {"id": unique_key(), "kind": "leaf", "name": "x", "parent_id": leaf["id"]}
    refused(ana.request("POST", PATH, json=under_leaf), 422, "type_parent_invalid")
    refused(ana.request("PUT", f"{PATH}/{leaf['id']}", json={"kind": "group", "name": "x"}), 409, "type_kind_fixed")
    refused(ana.request("DELETE", f"{PATH}/{inner['id']}"), 409, "type_has_children")
    assert ana.request("DELETE", f"{PATH}/{leaf['id']}").json()["deleted"]


def test_the_tree_is_at_most_eight_deep(ana: Client) -> None:
    parent = None
    for _ in range(8):
        parent = add(ana, "group", parent)["id"]
    deeper = {"id": unique_key(), "kind": "leaf", "name": "x", "parent_id": parent}
    refused(ana.request("POST", PATH, json=deeper), 422, "type_parent_invalid")


def test_a_type_in_use_is_not_deleted_and_an_inactive_one_opens_nothing(ana: Client) -> None:
    made = set_up(ana)
    opened = open_one(ana, made)
    refused(ana.request("DELETE", f"{PATH}/{made.leaf}"), 409, "type_in_use")
    put(ana, f"{PATH}/{made.leaf}", {"kind": "leaf", "name": "x", "parent_id": made.group, "active": False})
    path = f"/v1/persons/{opened['person_id']}/attendances"
    refused(ana.request("POST", path, json={"subject": "x", "type_id": made.leaf}), 409, "type_inactive")
    refused(ana.request("POST", path, json={"subject": "x", "type_id": made.group}), 409, "type_is_group")
    refused(ana.request("POST", path, json={"subject": "x", "type_id": "sumido"}), 404, "type_not_found")
    assert ana.post(f"/v1/attendances/{opened['id']}/entries", {"text": "Segue."})["kind"] == "note"
