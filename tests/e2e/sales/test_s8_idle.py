"""Row S8: without interaction for N days and without a planned contact: idle. The database is told an older time."""

from __future__ import annotations

import pytest

from tests.support.builders.opportunities import idle, quiet_for
from tests.support.builders.sales import conversation, ids, newcomer, opportunity, today
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def maria(system: System) -> Client:
    return newcomer(system)


def test_the_longest_idle_is_first(system: System, maria: Client) -> None:
    recent = quiet_for(system, 3, opportunity(maria, contact_date=today(-2)))
    month = quiet_for(system, 30, opportunity(maria, contact_date=today(-20)))
    year = quiet_for(system, 365, opportunity(maria, contact_date=today(-300)))
    assert idle(maria) == [year, month]
    assert maria.get(f"/v1/opportunities/{year}")["idle"]
    assert not maria.get(f"/v1/opportunities/{recent}")["idle"]
    first = maria.get("/v1/opportunities/idle", params={"limit": 1})
    rest = maria.get("/v1/opportunities/idle", params={"limit": 1, "cursor": first["next_cursor"]})
    assert ids(first) + ids(rest) == [year, month]


def test_an_entry_or_an_action_wakes_it(system: System, maria: Client) -> None:
    one, other = opportunity(maria, contact_date=today(-20)), opportunity(maria, contact_date=today(-20))
    for made in (one, other):
        conversation(maria, made)
        quiet_for(system, 60, made)
    maria.post(f"/v1/attendances/{one['attendance_id']}/entries", {"text": "Ligou"})
    maria.post(f"/v1/opportunities/{other['id']}/actions", {"text": "Enviada a tabela", "state": "done"})
    wait_for(lambda: idle(maria) == [], what="both are awake")
