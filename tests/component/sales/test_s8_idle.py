"""Row S8: without interaction for N days and without a planned contact: idle. The database is told an older time."""

from __future__ import annotations

import pytest

from tests.support.builders.closing import lose
from tests.support.builders.opportunities import idle, quiet_for
from tests.support.builders.sales import colleague, newcomer, opportunity, patch, today
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture
def maria(system: System) -> Client:
    return newcomer(system)


def test_the_company_says_how_many_days(system: System, maria: Client) -> None:
    made = quiet_for(system, 8, opportunity(maria, contact_date=today(-5)))
    assert maria.get("/v1/settings/sales")["idle_days"] == 15
    assert idle(maria) == []
    assert patch(maria, "/v1/settings/sales", {"idle_days": 8})["idle_days"] == 8
    assert idle(maria) == [made]
    patch(maria, "/v1/settings/sales", {"idle_days": 9})
    assert idle(maria) == []


def test_a_planned_contact_keeps_it_awake(system: System, maria: Client) -> None:
    made = opportunity(maria, contact_date=today(-20))
    quiet_for(system, 60, made)
    assert idle(maria) == [made["id"]]
    patch(maria, f"/v1/opportunities/{made['id']}", {"contact_date": today()})
    assert idle(maria) == []
    patch(maria, f"/v1/opportunities/{made['id']}", {"contact_date": today(-1)})
    assert idle(maria) == [made["id"]]


def test_closed_and_archived_ones_are_not_idle(system: System, maria: Client) -> None:
    one, other = opportunity(maria, contact_date=today(-20)), opportunity(maria, contact_date=today(-20))
    lose(maria, one)
    maria.post(f"/v1/opportunities/{other['id']}/archive", None)
    for made in (one, other):
        quiet_for(system, 60, made)
    assert idle(maria) == []


def test_it_is_filtered_by_user(system: System, maria: Client) -> None:
    quiet_for(system, 60, opportunity(maria, contact_date=today(-20), responsible_id=colleague(maria)))
    mine = quiet_for(system, 60, opportunity(maria, contact_date=today(-20)))
    assert idle(maria, user_id="me") == [mine]


def test_wrong_settings_are_refused(system: System, maria: Client) -> None:
    for days in (0, 4_000, "many"):
        field_refused(maria.request("PATCH", "/v1/settings/sales", json={"idle_days": days}), "idle_days")
    seller = newcomer(system, "seller", "padaria")
    refused(seller.request("PATCH", "/v1/settings/sales", json={"idle_days": 3}), 403, "permission_missing")
