"""Row S21: the timeline of an opportunity: actions, e-mails, notes; what does not answer is named."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import sold
from tests.support.builders.opportunities import talked_over
from tests.support.builders.sales import ids
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture
def told(ana: Client) -> dict[str, Any]:
    """An opportunity with three actions and three entries, in turns."""
    return talked_over(ana)


def test_all_is_there_once_newest_first(ana: Client, told: dict[str, Any]) -> None:
    found = ana.get(told["path"])
    assert ids(found) == told["records"]
    assert [item["type"] for item in found["items"]] == ["entry", "action"] * 3
    assert [item["kind"] for item in found["items"]] == ["note", "email", "note", "email", "note", "task"]
    assert found["items"][1]["record"]["state"] == "pending"
    assert (found["unavailable"], found["withheld"], found["next_cursor"]) == ([], [], None)


def test_the_customers_tabs_are_one_call(ana: Client, bruno: Client, told: dict[str, Any]) -> None:
    person = told["person"]["id"]
    order = ana.post(f"/v1/persons/{person}/orders", sold.offer())
    tabs = ana.get(f"/v1/persons/{person}/sales-view")
    assert (ids(tabs["orders"]), tabs["receivables"]["count"], tabs["quotes"]["count"]) == ([order["id"]], 1, 0)
    assert (tabs["unavailable"], tabs["withheld"]) == ([], [])
    refused(bruno.request("GET", f"/v1/persons/{person}/sales-view"), 404, "person_not_found")
    refused(bruno.request("GET", told["path"]), 404, "opportunity_not_found")


def test_a_conversation_that_does_not_answer_is_named(system: System, ana: Client, told: dict[str, Any]) -> None:
    system.processes["attendance"].kill()
    try:
        found = ana.get(told["path"], timeout=60)
    finally:
        system.restart("attendance")
        system.wait_ready("attendance")
    assert found["unavailable"] == ["entries"]
    assert [item["type"] for item in found["items"]] == ["action"] * 3
