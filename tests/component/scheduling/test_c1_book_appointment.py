"""Row C1: an appointment has a kind, a place, and times with their zone; the end comes after the start."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.problems import field_refused, refused
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
