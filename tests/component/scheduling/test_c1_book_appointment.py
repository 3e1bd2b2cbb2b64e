"""Row C1: an appointment has a kind, a place, and times with their zone; the end comes after the start."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import users
from tests.support.problems import field_refused, refused
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.system import Client

VISIT = {
    "kind": "visita", "subject": "Medir o forno", "address": "Rua das Flores, 10",
    "starts_at": "2031-03-05T09:00:00-03:00", "ends_at": "2031-03-05T10:30:00-03:00",
}  # fmt: skip


@pytest.fixture
def path(ana: Client) -> str:
    return f"/v1/persons/{ana.register('Visitada')['id']}/appointments"


def test_the_list_is_in_pages_latest_first(ana: Client, path: str) -> None:
    for day in range(1, 6):
        times = {"starts_at": f"2031-04-0{day}T12:00:00Z", "ends_at": f"2031-04-0{day}T13:00:00Z"}
        ana.post(path, {**VISIT, **times})
    first = ana.get(path, params={"limit": 3})
    rest = ana.get(path, params={"limit": 3, "cursor": first["next_cursor"]})
    days = [item["starts_at"][8:10] for item in first["items"] + rest["items"]]
    assert days == ["05", "04", "03", "02", "01"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_at": "2031-03-05T09:00:00"}, "starts_at"),
        ({"ends_at": "tomorrow"}, "ends_at"),
        ({"kind": ""}, "kind"),
        ({"subject": "x" * 201}, "subject"),
        ({"state": "done"}, "state"),
    ],
)
def test_a_wrong_field_is_refused(ana: Client, path: str, change: dict[str, Any], field: str) -> None:
    field_refused(ana.request("POST", path, json={**VISIT, **change}), field)


@pytest.mark.parametrize("end", ["2031-03-05T09:00:00-03:00", "2031-03-05T08:00:00-03:00"])
def test_an_end_not_after_the_start_is_refused(ana: Client, path: str, end: str) -> None:
    refused(ana.request("POST", path, json={**VISIT, "ends_at": end}), 422)
    assert ana.get(path)["items"] == []


def test_an_unknown_person_is_refused(ana: Client) -> None:
    refused(ana.request("POST", "/v1/persons/nobody/appointments", json=VISIT), 404, "person_not_found")


def test_an_appointment_is_linked_to_an_opportunity_of_the_person(ana: Client, path: str) -> None:
    person = path.split("/")[3]
    opportunity = ana.post(f"/v1/persons/{person}/opportunities", {"subject": "Forno"})["id"]
    made = ana.post(path, {**VISIT, "opportunity_id": opportunity})
    assert made["opportunity_id"] == opportunity
    assert ana.get(f"/v1/opportunities/{opportunity}/appointments")["items"] == [made]
    ana.post(path, VISIT)
    assert len(ana.get(path)["items"]) == 2


def test_a_busy_day_is_read_on_from_where_the_own_day_ends(system: InProcessSystem, ana: Client, path: str) -> None:
    caio = users.as_user(system, users.create(ana, "seller"))
    made = [
        caio.post(path, {**VISIT, "starts_at": f"2031-05-0{day}T{hour}:00-03:00", "ends_at": "2031-05-09T12:00:00Z"})[
            "id"
        ]
        for day, hour in ((4, "23:59"), (5, "00:00"), (5, "10:00"), (5, "23:59"), (6, "00:00"))
    ]
    ana.post(path, {**VISIT, "starts_at": "2031-05-05T11:00:00-03:00", "ends_at": "2031-05-05T12:00:00-03:00"})
    day = caio.get("/v1/day", params={"date": "2031-05-05", "limit": 2})["appointments"]
    assert ([one["id"] for one in day["items"]], day["count"]) == (made[1:3], 3)
    asked = {"from": "2031-05-05", "to": "2031-05-05", "user_id": "me"}
    rest = caio.get("/v1/appointments", params={**asked, "cursor": day["next_cursor"]})
    assert ([one["id"] for one in rest["items"]], rest["next_cursor"]) == (made[3:4], None)
    assert rest["items"][0]["person"]["name"] == "Visitada"
    whole = caio.get("/v1/appointments", params={"from": "2031-05-05", "to": "2031-05-05", "counted": True})
    assert (len(whole["items"]), whole["count"]) == (4, 4), "of whoever booked them"
    backwards = {"from": "2031-05-06", "to": "2031-05-05"}
    field_refused(caio.request("GET", "/v1/appointments", params=backwards), "to")
    refused(caio.request("GET", "/v1/appointments", params={"cursor": "x"}), 422, "cursor_invalid")
