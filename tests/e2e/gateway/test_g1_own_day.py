"""The own day of a user in one call, and what is said of a service that is down."""

from __future__ import annotations

from tests.support.builders.sales import newcomer, opportunity, today
from tests.support.problems import field_refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import System


def test_the_day_shows_what_is_due_and_names_what_is_down(system: System) -> None:
    maria = newcomer(system)
    person = maria.register("Do dia")["id"]
    for shift in (-2, 0, 5):
        opportunity(maria, person, contact_date=today(shift))
    day = maria.get("/v1/day")
    assert [one["legend"] for one in day["follow_ups"]["items"]] == ["overdue", "today"]
    assert (day["follow_ups"]["count"], day["unavailable"], day["withheld"]) == (2, [], [])
    field_refused(maria.request("GET", "/v1/day", params={"date": "31/12/2030"}), "date")
    system.processes["scheduling"].stop()
    try:
        day = maria.get("/v1/day")
        assert (day["unavailable"], day["appointments"], day["follow_ups"]["count"]) == (["appointments"], None, 2)
    finally:
        system.restart("scheduling")
    wait_for(lambda: maria.get("/v1/day")["unavailable"] == [], what="the whole day")
