"""Figures for dashboards come from the services that own them; periods are bounded."""

from __future__ import annotations

from tests.support.builders.closing import lose
from tests.support.builders.sales import newcomer, opportunity, today
from tests.support.problems import field_refused
from tests.support.stack.system import System


def test_a_loss_is_in_the_months_figures_and_in_the_conversion(system: System) -> None:
    maria = newcomer(system)
    lose(maria, opportunity(maria, amount="10.05"))
    opportunity(maria)
    period = {"from": today(-1), "to": today()}
    month = maria.get("/v1/dashboards/outcomes", params=period)["items"][-1]
    assert month["lost"]["sums"] == [{"currency": "BRL", "amount": "10.05"}]
    assert month["lost"]["reasons"][0]["reason"]["id"] == "price"
    found = maria.get("/v1/dashboards/conversion", params=period)
    assert (found["created"], found["lost"], found["open"]) == (2, 1, 1)
    assert maria.get("/v1/dashboards/receivables", params=period)["items"][-1]["count"] == 0
    assert maria.get("/v1/dashboards/attendances")["count"] == 1
    long = {"from": "2020-01-01", "to": "2026-01-01"}
    field_refused(maria.request("GET", "/v1/dashboards/outcomes", params=long), "to")
