"""Row S21: the timeline of an opportunity: actions, e-mails, notes; what does not answer is named."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import sold
from tests.support.builders.sales import conversation, ids, opportunity
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def told(ana: Client) -> dict[str, Any]:
    """An opportunity with three actions and three entries, in turns."""
    made = opportunity(ana)
    conversation(ana, made)
    records = []
    for turn in range(3):
        body = {"kind": "email" if turn else "task", "text": f"Ação {turn}"}
        records.append(ana.post(f"/v1/opportunities/{made['id']}/actions", body)["id"])
        text = {"text": f"Parecer {turn}"}
        records.append(ana.post(f"/v1/attendances/{made['attendance_id']}/entries", text)["id"])
    entries = f"/v1/attendances/{made['attendance_id']}/entries"
    wait_for(lambda: len(ana.get(entries)["items"]) == 6, what="the actions are in the conversation, too")
    return {**made, "records": records[::-1], "path": f"/v1/opportunities/{made['id']}/timeline"}


def test_all_is_there_once_newest_first(ana: Client, told: dict[str, Any]) -> None:
    found = ana.get(told["path"])
    assert ids(found) == told["records"]
    assert [item["type"] for item in found["items"]] == ["entry", "action"] * 3
    assert [item["kind"] for item in found["items"]] == ["note", "email", "note", "email", "note", "task"]
    assert found["items"][1]["record"]["situation"] == "pending"
    assert (found["unavailable"], found["withheld"], found["next_cursor"]) == ([], [], None)


def test_quotes_sales_and_purchases_stand_in_it(ana: Client, told: dict[str, Any]) -> None:
    quote = sold.quote(ana, told["id"])
    body = {**sold.offer(), "opportunity_id": told["id"]}
    bought = ana.post(f"/v1/persons/{told['person_id']}/orders", {**body, "kind": "purchase"})
    order = ana.post(f"/v1/persons/{told['person_id']}/orders", body)
    found = ana.get(told["path"], params={"limit": 1})
    rest = ana.get(told["path"], params={"cursor": found["next_cursor"]})
    items = found["items"] + rest["items"]
    assert [item["id"] for item in items] == [order["id"], bought["id"], quote["id"], *told["records"]]
    assert [(item["type"], item["kind"]) for item in items[:3]] == [
        ("order", "sale"), ("order", "purchase"), ("quote", "quote"),
    ]  # fmt: skip
    assert items[2]["record"]["versions"][0]["basket"]["total"] == quote["versions"][0]["basket"]["total"]


@pytest.mark.parametrize("limit", [1, 2, 4, 5])
def test_pages_are_complete(ana: Client, told: dict[str, Any], limit: int) -> None:
    found: list[str] = []
    params: dict[str, Any] = {"limit": limit}
    while True:
        page = ana.get(told["path"], params=params)
        assert len(page["items"]) <= limit
        found += ids(page)
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert found == told["records"]


def test_a_conversation_that_does_not_answer_is_named(system: System, ana: Client, told: dict[str, Any]) -> None:
    system.processes["attendance"].kill()
    try:
        found = ana.get(told["path"], timeout=60)
    finally:
        system.restart("attendance")
        system.wait_ready("attendance")
    assert found["unavailable"] == ["entries"]
    assert [item["type"] for item in found["items"]] == ["action"] * 3


def test_a_conversation_not_yet_open_is_no_error(ana: Client) -> None:
    made = opportunity(ana)
    assert ana.get(f"/v1/opportunities/{made['id']}/timeline")["items"] == []


def test_unknown_ones_and_wrong_cursors_are_refused(ana: Client, bruno: Client, told: dict[str, Any]) -> None:
    refused(ana.request("GET", "/v1/opportunities/nothing/timeline"), 404, "opportunity_not_found")
    refused(bruno.request("GET", told["path"]), 404, "opportunity_not_found")
    refused(ana.request("GET", told["path"], params={"cursor": "x"}), 422, "cursor_invalid")
