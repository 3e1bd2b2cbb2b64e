"""Row S7: markers are configured, put on and taken off one or many opportunities, filtered by, and deleted."""

from __future__ import annotations

import pytest

from tests.support.builders.opportunities import mark, marked
from tests.support.builders.sales import newcomer, opportunity
from tests.support.stack.system import Client, System


@pytest.fixture
def maria(system: System) -> Client:
    return newcomer(system)


def test_they_go_on_one_or_many_and_come_off(maria: Client) -> None:
    urgent, fair = (maria.post("/v1/markers", {"name": name})["id"] for name in ("Urgente", "Feira"))
    one, other = opportunity(maria)["id"], opportunity(maria)["id"]
    report = mark(maria, one, other, add=[urgent])
    assert (report["done"], report["refused"]) == (2, 0)
    mark(maria, one, add=[fair], remove=[urgent])
    assert (marked(maria, one), marked(maria, other)) == (["Feira"], ["Urgente"])
    mark(maria, one, add=[fair])
    assert marked(maria, one) == ["Feira"]
