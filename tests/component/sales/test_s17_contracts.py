"""Row S17: contracts of a person by kind, billing and state; their items; suspended, resumed, stopped."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people, sales
from tests.support.builders.external import put_contract
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return ana.register(f"Contratante {people.unique_word()}")


def test_contracts_are_filtered_by_what_they_are(ana: Client, person: dict[str, Any]) -> None:
    kinds = {("fixed", "billed"): "a", ("fixed", "donated"): "b", ("variable", "billed"): "c"}
    for (kind, billing), key in kinds.items():
        put_contract(ana, person, f"{person['id']}-{key}", kind=kind, billing=billing)
    path = f"/v1/persons/{person['id']}/contracts"

    def listed(**asked: Any) -> set[str]:
        return {found["source_id"][-1] for found in ana.get(path, params=asked)["items"]}

    assert listed() == {"a", "b", "c"}
    assert listed(kind="fixed") == {"a", "b"}
    assert listed(kind="fixed", billing="donated") == {"b"}
    assert listed(state="suspended") == set()
    assert listed(kind=["fixed", "variable"], billing=["billed"]) == {"a", "c"}
    assert listed(state=["active", "stopped"], billing="donated") == {"b"}


def test_a_contract_is_suspended_resumed_and_stopped_for_good(ana: Client, person: dict[str, Any]) -> None:
    key = people.unique_word()
    path = f"/v1/contracts/{put_contract(ana, person, key).json()['id']}"
    refused(ana.request("POST", f"{path}/resume"), 409, "contract_not_suspended")
    assert ana.post(f"{path}/suspend", {"reason": "Em obra."})["state_reason"] == "Em obra."
    refused(ana.request("POST", f"{path}/suspend", json={"reason": "x"}), 409, "contract_not_active")
    assert ana.request("POST", f"{path}/resume").json()["state"] == "active"
    assert ana.post(f"{path}/stop", {"reason": "Fechou."})["state"] == "stopped"
    refused(ana.request("POST", f"{path}/stop", json={"reason": "x"}), 409, "contract_stopped")
    refused(put_contract(ana, person, key), 409, "contract_stopped")


def test_what_a_contract_billed_is_listed_by_month_apart_from_the_persons_other_debts(
    ana: Client, bruno: Client, person: dict[str, Any]
) -> None:
    start = sales.today(-100)
    fields = {"starts_on": start, "bills_from": start, "due_day": int(start[8:])}
    mine, other = (put_contract(ana, person, people.unique_word(), **fields).json() for _ in range(2))
    path = f"/v1/contracts/{mine['id']}/receivables"
    wait_for(lambda: len(ana.get(path)["items"]) >= 3, what="the contract's bills")
    billed = ana.get(path)["items"]
    months = [one["period"] for one in billed]
    assert months == sorted(months, reverse=True)
    assert {one["source_id"] for one in billed} == {mine["id"]}
    page = ana.get(path, params={"limit": 2, "counted": True})
    assert (page["items"], page["count"]) == (billed[:2], len(billed))
    assert ana.get(path, params={"limit": 2, "cursor": page["next_cursor"]})["items"] == billed[2:4]
    refused(ana.request("GET", path, params={"cursor": "AAAA"}), 422, "cursor_invalid")
    refused(bruno.request("GET", path), 404, "contract_not_found")
    others = f"/v1/contracts/{other['id']}/receivables"
    assert {one["source_id"] for one in ana.get(others)["items"]} <= {other["id"]}


def test_what_is_no_contract_is_refused(ana: Client, person: dict[str, Any]) -> None:
    refused(put_contract(ana, person, "x", items=[]), 422, "input_invalid")
    refused(put_contract(ana, person, "x", kind="monthly"), 422, "input_invalid")
    refused(put_contract(ana, {"id": "none"}, "x"), 404, "person_not_found")
    refused(ana.request("GET", "/v1/contracts/none"), 404, "contract_not_found")


def test_a_bill_that_is_wrong_is_withdrawn_and_its_month_billed_again_by_hand(
    ana: Client, bruno: Client, person: dict[str, Any]
) -> None:
    start = sales.today(-70)
    made = put_contract(
        ana, person, people.unique_word(), starts_on=start, bills_from=start, due_day=int(start[8:])
    ).json()
    path = f"/v1/persons/{person['id']}/receivables"
    wait_for(lambda: len(ana.get(path)["items"]) >= 2, what="the contract's bills")
    first = ana.get(path)["items"][0]
    again, reason = f"/v1/contracts/{made['id']}/periods/{first['period']}/bill", {"reason": "Cobrado a mais."}
    refused(ana.request("POST", again, json={}), 409, "period_not_withdrawn")
    withdraw = f"/v1/receivables/{first['id']}/withdraw"
    refused(bruno.request("POST", withdraw, json=reason), 404, "receivable_not_found")
    done = ana.post(withdraw, reason)
    assert (done["state"], done["period"], done["withdrawal"]["reason"]) == (
        "cancelled", first["period"], "Cobrado a mais.",
    )  # fmt: skip
    refused(ana.request("POST", withdraw, json=reason), 409, "receivable_not_open")
    billed = ana.post(again, {"amount": "80.00"})
    assert (billed["amount"], billed["due_on"], billed["state"]) == ("80.00", first["due_on"], "open")
    refused(ana.request("POST", again, json={}), 409, "period_not_withdrawn")
    refused(ana.request("POST", f"/v1/contracts/{made['id']}/periods/2026-13/bill", json={}), 422, "input_invalid")
