"""Row S9: editing; archiving and bringing back, one or many; deleting for good, one or many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.builders.sales import conversation, delete, ids, newcomer, opportunity, patch
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def maria(system: System) -> Client:
    return newcomer(system)


def test_only_what_is_given_changes(maria: Client) -> None:
    made = opportunity(maria, amount="10.00", environment="Cozinha", success_percent=30)
    path = f"/v1/opportunities/{made['id']}"
    changed = patch(maria, path, {"subject": " Forno maior ", "amount": "12.50", "success_percent": None})
    assert (changed["subject"], changed["amount"], changed["success_percent"]) == ("Forno maior", "12.50", None)
    assert (changed["environment"], changed["version"]) == ("Cozinha", made["version"] + 1)
    assert maria.get(path) == changed


def test_edits_at_once_lose_none(maria: Client) -> None:
    path = f"/v1/opportunities/{opportunity(maria)['id']}"
    values = {"environment": "Cozinha", "referral": "Rita", "amount": "5.00", "success_percent": 9}
    bodies = [{name: value} for name, value in values.items()]
    with ThreadPoolExecutor(4) as threads:
        assert all(answer.ok for answer in threads.map(lambda body: maria.request("PATCH", path, json=body), bodies))
    found = maria.get(path)
    assert {name: found[name] for name in values} == values


def test_a_deleted_one_is_gone_for_good_and_its_conversation_stays_closed(maria: Client) -> None:
    made = opportunity(maria)
    path = f"/v1/opportunities/{made['id']}"
    opened = conversation(maria, made)
    action = maria.post(f"{path}/actions", {"text": "Ligar", "due_on": "2031-01-02"})
    assert delete(maria, path) == {"id": made["id"]}
    for method, what in (("GET", path), ("DELETE", path), ("POST", f"{path}/unarchive"), ("GET", f"{path}/actions")):
        refused(maria.request(method, what), 404, "opportunity_not_found")
    refused(maria.request("PATCH", f"/v1/actions/{action['id']}", json={}), 404, "action_not_found")
    assert ids(maria.get("/v1/actions")) == []
    attendance = f"/v1/attendances/{opened['id']}"
    wait_for(lambda: maria.get(attendance)["state"] == "closed", what="the conversation is closed")


def test_one_deleted_before_its_conversation_was_opened_leaves_no_open_one(system: System, maria: Client) -> None:
    system.processes["attendance"].kill()
    try:
        made = opportunity(maria)
        delete(maria, f"/v1/opportunities/{made['id']}")
    finally:
        system.restart("attendance")
        system.wait_ready("attendance")
    path = f"/v1/attendances/{made['attendance_id']}"
    wait_for(lambda: maria.request("GET", path).ok, what="opened")
    wait_for(lambda: maria.get(path)["state"] == "closed", what="and closed")
