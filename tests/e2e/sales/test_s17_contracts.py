"""Row S17: contracts of a person by kind, billing and state; their items; suspended, resumed, stopped."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people, sold
from tests.support.stack.system import Client


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return ana.register(f"Contratante {people.unique_word()}")


def put(ana: Client, person: dict[str, Any], external_id: str, **fields: Any) -> Any:
    body = {"items": [sold.item("120.00", recurring=True)], "starts_on": "2027-01-01", **fields}
    return ana.request("PUT", f"/v1/persons/{person['id']}/contracts/{external_id}", json=body)


def test_another_system_puts_a_contract_and_putting_it_again_changes_it(ana: Client, person: dict[str, Any]) -> None:
    key = people.unique_word()
    made = put(ana, person, key).json()
    assert (made["kind"], made["billing"], made["status"], made["monthly"]) == ("fixed", "billed", "active", "120.00")
    changed = put(ana, person, key, items=[sold.item("150.00")], kind="variable").json()
    assert (changed["id"], changed["monthly"], changed["kind"]) == (made["id"], "150.00", "variable")
    assert ana.get(f"/v1/contracts/{made['id']}")["basket"]["items"][0]["description"] == "Bolo de três andares"
