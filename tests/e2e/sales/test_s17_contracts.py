"""Row S17: contracts of a person by kind, billing and state; their items; what is due becomes receivables, once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.support.builders import people, sales, sold
from tests.support.builders.external import put_contract
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return ana.register(f"Contratante {people.unique_word()}")


def test_another_system_puts_a_contract_and_putting_it_again_changes_it(ana: Client, person: dict[str, Any]) -> None:
    key = people.unique_word()
    made = put_contract(ana, person, key).json()
    assert (made["kind"], made["billing"], made["state"], made["monthly"]) == ("fixed", "billed", "active", "120.00")
    changed = put_contract(ana, person, key, items=[sold.item("150.00")], kind="variable").json()
    assert (changed["id"], changed["monthly"], changed["kind"]) == (made["id"], "150.00", "variable")
    assert ana.get(f"/v1/contracts/{made['id']}")["basket"]["items"][0]["description"] == "Bolo de três andares"


def test_what_is_due_becomes_receivables_as_the_preview_said(ana: Client, person: dict[str, Any]) -> None:
    path = f"/v1/persons/{person['id']}/receivables"
    today = dt.date.fromisoformat(sales.today())
    begins = (today.replace(day=1) - dt.timedelta(days=40)).replace(day=1)
    made = put_contract(ana, person, people.unique_word(), starts_on="2020-01-01", bills_from=begins.isoformat()).json()
    periods = [f"{day:%Y-%m}" for day in (begins, begins + dt.timedelta(days=32), today)]

    def billed() -> list[str]:
        return [one["period"] for one in ana.get(path)["items"] if one["source_id"] == made["id"]]

    wait_for(lambda: len(billed()) == len(set(periods)), 30, "what is due is billed")
    assert billed() == sorted(set(periods))
    first = ana.get(path)["items"][0]
    assert (first["source"], first["amount"], first["instalments"]) == ("contract", "120.00", None)
    of_contract = ana.get(f"/v1/contracts/{made['id']}/receivables")["items"]
    assert [one["period"] for one in of_contract] == sorted(set(periods), reverse=True)
    found = ana.get(f"/v1/contracts/{made['id']}")
    assert found["next_due_on"] > today.isoformat()
    asked = {"on": found["next_due_on"], "limit": 100}
    page = ana.get("/v1/contracts/billing-preview", params=asked)
    (mine,) = [one for one in page["items"] if one["contract_id"] == made["id"]]
    assert [(one["due_on"], one["amount"], one["late"]) for one in mine["charges"]] == [
        (found["next_due_on"], "120.00", False)
    ]
    assert mine["person"]["name"] == person["name"]
    assert page["totals_complete"]
    far = ana.request("GET", "/v1/contracts/billing-preview", params={"on": "2199-01-01"})
    refused(far, 422, "day_too_far")
    ana.post(f"/v1/contracts/{made['id']}/stop", {"reason": "Fim."})
    assert ana.get(f"/v1/contracts/{made['id']}")["next_due_on"] is None
