"""Row C1: an appointment has a kind, a place, and times with their zone; the end comes after the start."""

from __future__ import annotations

import pytest

from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client

VISIT = {
    "kind": "visita", "subject": "Medir o forno", "address": "Rua das Flores, 10",
    "starts_at": "2031-03-05T09:00:00-03:00", "ends_at": "2031-03-05T10:30:00-03:00",
}  # fmt: skip


@pytest.fixture
def path(ana: Client) -> str:
    return f"/v1/persons/{ana.register('Visitada')['id']}/appointments"


def test_times_of_any_zone_are_kept_as_the_same_moment(ana: Client, path: str) -> None:
    made = ana.post(path, VISIT)
    assert (made["starts_at"], made["ends_at"]) == ("2031-03-05T12:00:00+00:00", "2031-03-05T13:30:00+00:00")
    assert ana.get(path)["items"] == [made]


def test_one_of_another_person_and_a_deleted_one_are_refused(ana: Client, path: str) -> None:
    other = ana.register("Outra")["id"]
    opportunity = ana.post(f"/v1/persons/{other}/opportunities", {"subject": "Forno"})["id"]
    linked = {**VISIT, "opportunity_id": opportunity}
    refused(ana.request("POST", path, json=linked), 422, "opportunity_of_another_person")
    refused(ana.request("POST", path, json={**VISIT, "opportunity_id": "none"}), 404, "opportunity_not_found")
    ana.delete(f"/v1/opportunities/{opportunity}")
    theirs = f"/v1/persons/{other}/appointments"
    wait_for(
        lambda: ana.request("POST", theirs, json=linked).json().get("code") == "opportunity_not_found",
        what="nothing more is linked to it",
    )
