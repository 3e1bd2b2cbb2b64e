"""Row S2: a person's opportunities, open or all, each with its legend."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.closing import lose
from tests.support.builders.opportunities import legends, of_each_legend, returns_of_days
from tests.support.builders.sales import ids, newcomer, opportunity
from tests.support.builders.sales import today as day
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def path(ana: Client) -> str:
    """A person with an overdue, a today's, a later and a closed opportunity."""
    return of_each_legend(ana)


def test_open_ones_with_their_legends_newest_first(ana: Client, path: str) -> None:
    assert legends(ana.get(path)) == [
        ("internal_date", "internal_date"), ("open", "open"), ("today", "today"), ("overdue", "overdue"),
    ]  # fmt: skip


def counts(page: dict[str, Any]) -> dict[str, int]:
    return {one["legend"]: one["count"] for one in page["legends"] if one["exact"]}


def test_each_legend_is_counted_and_has_its_word_and_colour(ana: Client, path: str) -> None:
    page = ana.get(path, params={"counted": "true", "limit": 2})
    assert counts(page) == {"today": 1, "overdue": 1, "internal_date": 1, "open": 1, "closed": 1}
    assert (len(page["items"]), page["count"], page["exact"]) == (2, 4, True)
    assert ana.get(path, params={"counted": "true", "state": ["open", "closed"]})["count"] == 5
    words = {one["legend"]: (one["word"], one["colour"]) for one in page["legends"]}
    assert (words["overdue"], words["today"]) == (("Vencido", "#b3261e"), ("Hoje", "#8a5a00"))
    assert not {"count", "legends"} & ana.get(path).keys()


def test_the_legends_of_follow_ups_are_of_all_that_pass_the_filter(system: System) -> None:
    days = returns_of_days(system)
    asked = {"counted": "true", "date": day(-9)}
    assert counts(days["maria"].get("/v1/follow-ups", params=asked)) == {
        "today": 2, "overdue": 2, "internal_date": 0, "open": 1,
    }  # fmt: skip
    his = days["maria"].get("/v1/follow-ups", params={**asked, "user_id": days["joao"]})
    assert counts(his) == {"today": 0, "overdue": 1, "internal_date": 0, "open": 0}


def test_more_than_a_screen_counts_is_said_to_be_more(system: System) -> None:
    maria = newcomer(system)
    person = maria.register("Muitos")["id"]
    made, rows = opportunity(maria, person), system.mongo("sales")["opportunities"]
    row = rows.find_one({"_id": made["id"]})
    rows.insert_many([{**row, "_id": f"o{number}", "attendance_id": f"a{number}"} for number in range(100)])
    page = maria.get(f"/v1/persons/{person}/opportunities", params={"counted": "true"})
    assert (page["count"], page["exact"]) == (99, False)
    today = next(one for one in page["legends"] if one["legend"] == "today")
    assert (today["count"], today["exact"]) == (99, False)


def test_pages_are_complete(ana: Client, path: str) -> None:
    first = ana.get(path, params={"state": ["open", "closed"], "limit": 3})
    rest = ana.get(path, params={"state": ["open", "closed"], "limit": 3, "cursor": first["next_cursor"]})
    assert [d for d, _ in legends(first) + legends(rest)] == ["closed", "internal_date", "open", "today", "overdue"]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("legend", ["overdue", "today", "internal_date", "open", "closed"])
def test_those_that_bear_a_legend_are_found_whatever_the_state(ana: Client, path: str, legend: str) -> None:
    page = ana.get(path, params={"legend": legend, "state": "open", "counted": "true"})
    assert legends(page) == [(legend, legend)]
    assert (page["count"], counts(page)["overdue"]) == (1, 1)


def test_those_of_a_legend_come_by_contact_date_in_pages(ana: Client) -> None:
    path = f"/v1/persons/{ana.register('Muitos retornos')['id']}/opportunities"
    for shift in (-1, -5, -3, 2):
        ana.post(path, {"subject": str(shift), "contact_date": day(shift)})
    found = [one["subject"] for one in ana.every(path, legend="overdue", limit=1)]
    assert found == ["-5", "-3", "-1"]


def test_a_wrong_question_is_refused(ana: Client, path: str) -> None:
    field_refused(ana.request("GET", path, params={"state": "perhaps"}), "state")
    field_refused(ana.request("GET", path, params={"legend": "late"}), "legend")


@pytest.fixture(scope="module")
def days(system: System) -> dict[str, Any]:
    """A company of its own with returns on several days, of two users."""
    return returns_of_days(system)


def test_the_returns_of_a_day_only_or_of_a_user(days: dict[str, Any]) -> None:
    maria, made = days["maria"], days["made"]
    assert ids(maria.get("/v1/follow-ups", params={"date": day(5), "overdue": "false"})) == made[5]
    assert ids(maria.get("/v1/follow-ups", params={"user_id": days["joao"]})) == made[-2]
    mine = ids(maria.get("/v1/follow-ups", params={"user_id": "me"}))
    assert mine[0] == made[-30][0]
    assert made[-2][0] not in mine


def test_pages_of_returns_are_complete(days: dict[str, Any]) -> None:
    maria, cursor = days["maria"], None
    found: list[str] = []
    while not found or cursor:
        page = maria.get(
            "/v1/follow-ups", params={"limit": 1, "date": day(9), **({"cursor": cursor} if cursor else {})}
        )
        found += ids(page)
        cursor = page["next_cursor"]
    assert len(found) == len(set(found)) == 5


def test_closed_and_archived_ones_are_no_returns(days: dict[str, Any]) -> None:
    maria = days["maria"]
    one, other = (opportunity(maria, contact_date=day(-1)) for _ in range(2))
    maria.post(f"/v1/opportunities/{one['id']}/archive", None)
    lose(maria, other)
    assert not {one["id"], other["id"]} & set(ids(maria.get("/v1/follow-ups")))


def test_a_wrong_day_or_cursor_is_refused(days: dict[str, Any]) -> None:
    field_refused(days["maria"].request("GET", "/v1/follow-ups", params={"date": "amanhã"}), "date")
    refused(days["maria"].request("GET", "/v1/follow-ups", params={"cursor": "x"}), 422, "cursor_invalid")
