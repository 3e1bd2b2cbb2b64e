"""Row S2: a person's opportunities, open or all, each with its legend."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.ports import wait_for
from tests.support.problems import field_refused
from tests.support.system import Client


@pytest.fixture(scope="module")
def path(ana: Client) -> str:
    """A person with an overdue, a today's, a later and a closed opportunity."""
    person = ana.register("Listada")
    path = f"/v1/persons/{person['id']}/opportunities"
    today = dt.datetime.now(ZoneInfo("America/Sao_Paulo")).date()
    days = {"overdue": -3, "today": 0, "open": 30, "closed": 5}
    for legend, shift in days.items():
        date = (today + dt.timedelta(days=shift)).isoformat()
        made = ana.post(path, {"description": legend, "contact_date": date})
    conversation = f"/v1/attendances/{made['attendance_id']}"
    wait_for(lambda: ana.request("GET", conversation).ok, what="the conversation")
    ana.post(f"{conversation}/close", None)
    wait_for(lambda: ana.get(f"/v1/opportunities/{made['id']}")["status"] == "closed", what="closed")
    return path


def legends(page: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["description"], item["legend"]) for item in page["items"]]


def test_open_ones_with_their_legends_newest_first(ana: Client, path: str) -> None:
    assert legends(ana.get(path)) == [("open", "open"), ("today", "today"), ("overdue", "overdue")]


def test_open_and_closed_ones(ana: Client, path: str) -> None:
    listed = legends(ana.get(path, params={"include_closed": "true"}))
    assert listed[0] == ("closed", "closed")
    assert len(listed) == 4


def test_pages_are_complete(ana: Client, path: str) -> None:
    first = ana.get(path, params={"include_closed": "true", "limit": 2})
    rest = ana.get(path, params={"include_closed": "true", "limit": 2, "cursor": first["next_cursor"]})
    assert [d for d, _ in legends(first) + legends(rest)] == ["closed", "open", "today", "overdue"]
    assert rest["next_cursor"] is None


def test_a_wrong_question_is_refused(ana: Client, path: str) -> None:
    field_refused(ana.request("GET", path, params={"include_closed": "perhaps"}), "include_closed")
