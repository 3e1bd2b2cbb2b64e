"""The own day of a user in one call: returns, actions, appointments, drafts and critical factors, with their counts."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.builders import users
from tests.support.builders.asked import due
from tests.support.builders.opportunities import act
from tests.support.builders.sales import ids, newcomer, opportunity, put, today
from tests.support.problems import field_refused
from tests.support.stack.system import Client, System

ZONE = ZoneInfo("America/Sao_Paulo")


def at(shift: int, hour: int) -> dict[str, str]:
    day = dt.datetime.now(ZONE).date() + dt.timedelta(days=shift)
    starts = dt.datetime.combine(day, dt.time(hour), ZONE)
    return {"starts_at": starts.isoformat(), "ends_at": (starts + dt.timedelta(minutes=30)).isoformat()}


@pytest.fixture(scope="module")
def maria(system: System) -> Client:
    """With returns overdue, of today and later, an action of hers and one of nobody, two appointments, a draft."""
    maria = newcomer(system)
    person = maria.register("Do dia")["id"]
    made = [opportunity(maria, person, contact_date=today(shift)) for shift in (-3, 0, 4, 9)]
    act(maria, made[2], due_on=today(), assignee_id="me")
    act(maria, made[2], due_on=today(1), assignee_id="me")
    act(maria, made[2], due_on=today())
    for shift, hour in ((0, 0), (0, 23), (1, 0)):
        maria.post(
            f"/v1/persons/{person}/appointments", {"kind": "visita", "subject": f"{shift} {hour}", **at(shift, hour)}
        )
    path = f"/v1/persons/{person}/attendances"
    talk = maria.post(path, {"subject": "Atrasada", "due_at": due(days=30)})
    put(maria, f"/v1/attendances/{talk['id']}/draft", {"content": {"text": "A meio"}})
    return maria


def test_one_call_shows_all_that_is_due_and_counts_it(maria: Client) -> None:
    day = maria.get("/v1/day")
    assert (day["date"], day["time_zone"]) == (today(), "America/Sao_Paulo")
    assert (day["unavailable"], day["withheld"]) == ([], [])
    assert [one["legend"] for one in day["follow_ups"]["items"]] == [
        "overdue",
        "today",
        "today",
    ]  # an action plans the next contact
    assert {one["legend"]: one["count"] for one in day["follow_ups"]["legends"]} == {
        "today": 2, "overdue": 1, "internal_date": 0, "open": 1,
    }  # fmt: skip
    assert [one["due_on"] for one in day["actions"]["items"]] == [today()]
    assert [one["subject"] for one in day["appointments"]["items"]] == ["0 0", "0 23"]
    assert day["appointments"]["items"][0]["booked_by"]["name"] == maria.session["user"]["name"]
    assert {one["person"]["name"] for one in day["appointments"]["items"]} == {"Do dia"}
    assert [one["content"]["text"] for one in day["drafts"]["items"]] == ["A meio"]
    (group,) = day["critical_factors"]["items"]
    assert [one["kind"] for one in group["items"]] == ["overdue"]
    counts = {name: (day[name]["count"], day[name]["exact"]) for name in ("follow_ups", "actions", "drafts")}
    assert counts == {"follow_ups": (3, True), "actions": (1, True), "drafts": (1, True)}
    assert (day["critical_factors"]["count"], day["appointments"]["count"]) == (1, 2)


def test_pages_are_as_long_as_asked_and_the_counts_stay(maria: Client) -> None:
    day = maria.get("/v1/day", params={"limit": 1})
    assert (len(day["follow_ups"]["items"]), day["follow_ups"]["count"]) == (1, 3)
    assert (len(day["appointments"]["items"]), day["appointments"]["count"]) == (1, 2)
    rest = maria.get("/v1/follow-ups", params={"user_id": "me", "cursor": day["follow_ups"]["next_cursor"]})
    assert [one["legend"] for one in rest["items"]] == ["today", "today"]


def test_badges_are_the_counts_of_today(maria: Client) -> None:
    day, badges = maria.get("/v1/day"), maria.get("/v1/badges")
    assert badges["date"] == today()
    assert (badges["unavailable"], badges["withheld"]) == ([], [])
    for name in ("follow_ups", "actions", "appointments", "drafts", "critical_factors"):
        assert badges[name] == {"count": day[name]["count"], "exact": True}


def test_another_day_shows_what_is_due_by_then(maria: Client) -> None:
    day = maria.get("/v1/day", params={"date": today(4)})
    assert len(day["follow_ups"]["items"]) == 3
    assert len(day["actions"]["items"]) == 2
    assert day["appointments"]["items"] == []
    field_refused(maria.request("GET", "/v1/day", params={"date": "amanhã"}), "date")


def test_another_user_has_a_day_of_their_own(system: System, maria: Client) -> None:
    other = users.as_user(system, users.create(maria, "seller"))
    day = other.get("/v1/day")
    shown = [name for name in day if isinstance(day[name], dict)]
    assert [name for name in shown if day[name]["count"]] == []


def test_what_the_user_may_not_read_is_withheld(system: System, ana: Client) -> None:
    role: dict[str, Any] = {"name": "Só pessoas e vendas", "permissions": ["people.read", "sales.read"]}
    narrow = users.as_user(system, users.create(ana, ana.post("/v1/roles", role)["id"]))
    day = narrow.get("/v1/day")
    assert (day["withheld"], day["unavailable"]) == (["appointments", "drafts", "critical_factors"], [])
    assert ids(day["follow_ups"]) == []
