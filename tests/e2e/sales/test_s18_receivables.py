"""Row S18: receivables open or settled, details, settled and taken back, and put by other systems."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.builders import people
from tests.support.builders.external import put_receivable
from tests.support.problems import refused
from tests.support.stack.insisting import insisted
from tests.support.stack.system import Client


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return ana.register(f"Devedora {people.unique_word()}")


def test_another_system_puts_a_receivable_and_putting_it_again_changes_it(ana: Client, person: dict[str, Any]) -> None:
    key = people.unique_word()
    made = put_receivable(ana, person, key).json()
    assert (made["source"], made["state"], made["overdue"]) == ("external", "open", True)
    changed = put_receivable(ana, person, key, amount="85.50").json()
    assert (changed["id"], changed["amount"]) == (made["id"], "85.50")
    assert [title["id"] for title in ana.get(f"/v1/persons/{person['id']}/receivables")["items"]] == [made["id"]]


def test_it_is_settled_in_parts_and_listed_by_any_of_the_states_together(ana: Client, person: dict[str, Any]) -> None:
    title = put_receivable(ana, person, people.unique_word()).json()
    path, settle = f"/v1/persons/{person['id']}/receivables", f"/v1/receivables/{title['id']}/settle"
    part = ana.post(settle, {"amount": "30.00", "paid_on": "2020-02-01", "way": "pix"})
    assert (part["state"], part["paid"], part["outstanding"]) == ("partially_settled", "30.00", "50.00")
    assert part["payments"][0]["recorded_by"]["name"] == "Ana"
    assert ana.get(path)["items"] == [part]
    refused(ana.request("POST", settle, json={"amount": "50.01"}), 409, "payment_exceeds_outstanding")
    whole = ana.post(settle, {"interest": "2.10"})
    assert (whole["state"], whole["paid"], whole["outstanding"]) == ("settled", "82.10", "0.00")
    refused(ana.request("POST", settle, json={}), 409, "receivable_not_open")
    assert ana.get(path)["items"] == []
    assert ana.get(path, params={"state": ["settled", "partially_settled"]})["items"] == [whole]
    reverse = f"/v1/receivables/{title['id']}/payments/{part['payments'][0]['id']}/reverse"
    back = ana.post(reverse, {"reason": "Engano."})
    assert (back["state"], back["payments"][0]["reversal"]["reason"]) == ("partially_settled", "Engano.")
    assert ana.get(f"/v1/receivables/{title['id']}") == back


def test_of_payments_at_once_none_is_lost_and_no_more_is_paid_than_is_owed(ana: Client, person: dict[str, Any]) -> None:
    title = put_receivable(ana, person, people.unique_word()).json()
    settle = f"/v1/receivables/{title['id']}/settle"
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: insisted(ana, settle, {"amount": "20.00"}).status_code, range(8)))
    assert sorted(answers) == [200] * 4 + [409] * 4
    found = ana.get(f"/v1/receivables/{title['id']}")
    assert (found["state"], found["paid"], len(found["payments"])) == ("settled", "80.00", 4)
