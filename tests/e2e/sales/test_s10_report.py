"""Row S10: the report of the CRM counts actions, not opportunities; by user, stage and period; JSON and CSV."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.builders.opportunities import act, counts, report
from tests.support.builders.sales import newcomer, opportunity, put
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def maria(system: System) -> Client:
    return newcomer(system)


def test_it_counts_actions_and_not_opportunities(maria: Client) -> None:
    made = opportunity(maria)
    opportunity(maria)
    assert counts(report(maria)["totals"]) == (0, 0, 0, 0)
    act(maria, made, kind="call")
    act(maria, made, kind="call", state="done")
    gone = act(maria, made, kind="call")
    put(maria, f"/v1/actions/{gone['id']}/state", {"state": "cancelled"})
    act(maria, made, kind="email", state="done")
    found = report(maria)
    assert counts(found["totals"]) == (4, 1, 2, 1)
    assert [(row["kind"], *counts(row)) for row in found["items"]] == [("call", 3, 1, 1, 1), ("email", 1, 0, 1, 0)]
    assert {row["user"]["name"] for row in found["items"]} == {maria.session["user"]["name"]}


def test_many_at_once_are_all_counted_once(maria: Client) -> None:
    """Who is not answered in time sends the same key again, as any client should."""
    made = [opportunity(maria) for _ in range(4)]

    def insist(turn: int) -> None:
        path, key = f"/v1/opportunities/{made[turn % 4]['id']}/actions", {"Idempotency-Key": uuid.uuid4().hex}
        wait_for(lambda: maria.request("POST", path, json={"text": "Ligar"}, headers=key).ok, 60, "an answer")

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(insist, range(18)))
    assert report(maria)["totals"]["total"] == 18
