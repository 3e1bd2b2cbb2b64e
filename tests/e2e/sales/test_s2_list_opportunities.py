"""Row S2: a person's opportunities, open or all, each with its legend."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.opportunities import legends, of_each_legend, returns_of_days
from tests.support.builders.sales import ids
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def path(ana: Client) -> str:
    """A person with an overdue, a today's, a later and a closed opportunity."""
    return of_each_legend(ana)


def test_open_and_closed_ones(ana: Client, path: str) -> None:
    listed = legends(ana.get(path, params={"state": ["open", "closed"]}))
    assert listed[0] == ("closed", "closed")
    assert len(listed) == 5
    for legend in ("overdue", "today", "internal_date", "open", "closed"):
        assert legends(ana.get(path, params={"legend": legend})) == [(legend, legend)]


@pytest.fixture(scope="module")
def days(system: System) -> dict[str, Any]:
    """A company of its own with returns on several days, of two users."""
    return returns_of_days(system)


def test_the_returns_of_today_come_with_the_overdue_ones_first(days: dict[str, Any]) -> None:
    maria, made = days["maria"], days["made"]
    listed = maria.get("/v1/follow-ups")
    assert ids(listed)[:2] == [*made[-30], *made[-2]]
    assert sorted(ids(listed)[2:]) == sorted(made[0])
    assert [item["legend"] for item in listed["items"]] == ["overdue", "overdue", "today", "today"]
    assert {item["person"]["name"] for item in listed["items"]} == {"Do dia"}


def test_wrong_questions_are_refused(ana: Client, bruno: Client, path: str) -> None:
    refused(bruno.request("GET", path), 404, "person_not_found")
    field_refused(ana.request("GET", path, params={"legend": "blue"}), "legend")
    refused(ana.request("GET", path, params={"cursor": "AAAA"}), 422, "cursor_invalid")
