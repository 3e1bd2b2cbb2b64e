"""Row S18: receivables open or settled, details, settled and taken back, and put by other systems."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people
from tests.support.problems import refused
from tests.support.stack.system import Client


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return ana.register(f"Devedora {people.unique_word()}")


def put(ana: Client, person: dict[str, Any], external_id: str, **fields: Any) -> Any:
    body = {"due_date": "2020-01-10", "amount": "80.00", "description": "Mensalidade", **fields}
    return ana.request("PUT", f"/v1/persons/{person['id']}/receivables/{external_id}", json=body)


def test_another_system_puts_a_receivable_and_putting_it_again_changes_it(ana: Client, person: dict[str, Any]) -> None:
    key = people.unique_word()
    made = put(ana, person, key).json()
    assert (made["source"], made["status"], made["overdue"]) == ("external", "open", True)
    changed = put(ana, person, key, amount="85.50").json()
    assert (changed["id"], changed["amount"]) == (made["id"], "85.50")
    assert [title["id"] for title in ana.get(f"/v1/persons/{person['id']}/receivables")["items"]] == [made["id"]]


def test_a_settled_one_is_listed_as_settled_and_not_settled_twice(ana: Client, person: dict[str, Any]) -> None:
    title = put(ana, person, people.unique_word()).json()
    settle = f"/v1/receivables/{title['id']}/settle"
    settled = ana.post(settle, {"paid": "82.10", "paid_on": "2020-02-01"})
    assert (settled["status"], settled["paid"], settled["paid_on"], settled["settled_by"]) == (
        "settled", "82.10", "2020-02-01", "Ana",
    )  # fmt: skip
    refused(ana.request("POST", settle, json={}), 409, "receivable_not_open")
    path = f"/v1/persons/{person['id']}/receivables"
    assert ana.get(path)["items"] == []
    assert [one["id"] for one in ana.get(path, params={"status": "settled"})["items"]] == [title["id"]]
    assert ana.get(f"/v1/receivables/{title['id']}") == settled
