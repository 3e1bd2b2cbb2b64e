"""Figures for dashboards: outcomes by month, conversion, receivables by month, attendances by center and age."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import sold, users
from tests.support.builders.asked import due
from tests.support.builders.attendance import open_one, set_up
from tests.support.builders.closing import lose, monthly, win
from tests.support.builders.flows import member
from tests.support.builders.opportunities import move
from tests.support.builders.sales import colleague, newcomer, opportunity, today
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System

PERIOD = {"from": today(-1), "to": today()}


@pytest.fixture(scope="module")
def maria(system: System) -> Client:
    """A company of its own: one won, two lost for two reasons, one ended, two open, one of them a colleague's."""
    maria = newcomer(system)
    person, joao = maria.register("Painel")["id"], colleague(maria)

    def made(amount: str, **fields: Any) -> dict[str, Any]:
        return opportunity(maria, person, amount=amount, **fields)

    won, dear, silent, ended = made("100.10"), made("10.00"), made("20.05", currency="USD"), made("7.00")
    made("1.00"), move(maria, made("2.00", responsible_id=joao), "Negociação")
    move(maria, dear, "Proposta apresentada")
    assert win(maria, won, items=[monthly()]).ok
    assert lose(maria, dear).ok
    assert lose(maria, silent, lost_reason_id="no_answer").ok
    maria.post(f"/v1/attendances/{ended['attendance_id']}/close", None)
    return maria


def test_won_and_lost_are_counted_and_summed_by_month_with_their_reasons(maria: Client) -> None:
    found = maria.get("/v1/dashboards/outcomes", params=PERIOD)
    assert found["exact"] is True
    month = found["items"][-1]
    assert month["month"] == today()[:7]
    assert month["won"] == {"count": 1, "sums": [{"currency": "BRL", "amount": "100.10"}]}
    lost = month["lost"]
    assert (lost["count"], lost["sums"]) == (
        2, [{"currency": "BRL", "amount": "10.00"}, {"currency": "USD", "amount": "20.05"}],
    )  # fmt: skip
    assert {one["reason"]["id"]: one["count"] for one in lost["reasons"]} == {"price": 1, "no_answer": 1}
    assert all(one["reason"]["name"] not in ("", one["reason"]["id"]) for one in lost["reasons"])
    assert month["ended"] == {"count": 1, "sums": [{"currency": "BRL", "amount": "7.00"}]}


def test_months_without_any_are_there_too(maria: Client) -> None:
    found = maria.get("/v1/dashboards/outcomes", params={"from": "2020-11-30", "to": "2021-02-01"})
    assert [one["month"] for one in found["items"]] == ["2020-11", "2020-12", "2021-01", "2021-02"]
    assert {one["won"]["count"] + one["lost"]["count"] for one in found["items"]} == {0}


def test_conversion_says_what_part_went_on_from_each_stage(maria: Client) -> None:
    found = maria.get("/v1/dashboards/conversion", params=PERIOD)
    assert {name: found[name] for name in ("created", "open", "won", "lost", "exact")} == {
        "created": 6, "open": 2, "won": 1, "lost": 2, "exact": True,
    }  # fmt: skip
    stages = {one["stage"]["name"]: (one["count"], one["rate"]) for one in found["items"]}
    assert stages == {
        "Prospecção": (6, "50.0"), "Contato realizado": (3, "100.0"), "Proposta apresentada": (3, "66.7"),
        "Negociação": (2, "50.0"), "Encerrado": (1, None),
    }  # fmt: skip
    mine = maria.get("/v1/dashboards/conversion", params={**PERIOD, "user_id": "me"})
    assert (mine["created"], mine["items"][3]["count"]) == (5, 1)


def test_receivables_are_summed_by_the_month_in_which_they_are_due(system: System) -> None:
    maria = newcomer(system)
    person = maria.register("Devedora")
    sold.place(maria, person, items=[sold.item("90.01")], terms={"count": 2})
    first, second = sold.titles(maria, person)
    paid = {"amount": "5.00", "paid_on": today(), "way": "pix"}
    maria.post(f"/v1/receivables/{first['id']}/settle", paid)
    asked = {"from": first["due_on"], "to": second["due_on"]}
    months = maria.get("/v1/dashboards/receivables", params=asked)
    assert months["exact"] is True
    told = [one for one in months["items"] if one["count"]]
    assert [(one["month"], one["count"]) for one in told] == [(first["due_on"][:7], 1), (second["due_on"][:7], 1)]
    assert told[0]["received"] == [{"currency": "BRL", "amount": "5.00"}]
    owed = [one["outstanding"][0]["amount"] for one in told]
    assert owed == [str(round(float(first["amount"]) - 5, 2)), second["amount"]]
    assert (told[0]["overdue"], told[1]["received"]) == ([], [])


def test_open_attendances_are_counted_by_center_and_age(system: System) -> None:
    maria = newcomer(system)
    made = set_up(maria)
    late = open_one(maria, made, due_at=due(days=1))
    open_one(maria, made)
    free = maria.post(f"/v1/persons/{late['person_id']}/attendances", {"subject": "Sem centro"})
    closed = maria.post(f"/v1/persons/{late['person_id']}/attendances", {"subject": "Encerrado"})
    maria.post(f"/v1/attendances/{closed['id']}/close", None)
    found = maria.get("/v1/dashboards/attendances")
    assert (found["count"], found["exact"]) == (3, True)
    triage, none = found["items"]
    assert (triage["center"]["name"], triage["count"], triage["overdue"]) == ("Triagem", 2, 1)
    assert (none["center"], none["count"], none["overdue"]) == (None, 1, 0)
    assert [(one["from_days"], one["to_days"], one["count"]) for one in triage["ages"]] == [
        (0, 1, 2), (2, 7, 0), (8, 30, 0), (31, 90, 0), (91, None, 0),
    ]  # fmt: skip
    assert maria.get("/v1/dashboards/attendances", params={"user_id": "nobody"})["count"] == 0
    assert maria.get("/v1/dashboards/attendances", params={"user_id": "me"})["count"] == 3
    maria.post(f"/v1/attendances/{free['id']}/trash", None)
    assert maria.get("/v1/dashboards/attendances")["count"] == 2


def test_who_is_narrowed_sees_figures_of_what_they_see(system: System, ana: Client) -> None:
    person = ana.register("Escondida", category_ids=["prospect"])["id"]
    lose(ana, opportunity(ana, person))
    narrow = users.narrowed(system, ana, category=["carrier"])
    months = narrow.get("/v1/dashboards/outcomes", params=PERIOD)["items"]
    assert {one["lost"]["count"] for one in months} == {0}
    assert narrow.get("/v1/dashboards/conversion", params=PERIOD)["created"] == 0
    assert narrow.get("/v1/dashboards/receivables", params=PERIOD)["items"][-1]["count"] == 0
    assert narrow.get("/v1/dashboards/attendances")["count"] == 0


@pytest.mark.parametrize("name", ["outcomes", "conversion", "receivables"])
def test_a_period_is_a_year_at_most_and_ends_after_it_begins(system: System, ana: Client, name: str) -> None:
    path = f"/v1/dashboards/{name}"
    field_refused(ana.request("GET", path, params={"from": "2025-01-01", "to": "2026-01-02"}), "to")
    field_refused(ana.request("GET", path, params={"from": "2025-01-02", "to": "2025-01-01"}), "to")
    field_refused(ana.request("GET", path, params={"to": "2025-01-01"}), "from")
    refused(member(system, "attendant").request("GET", path, params=PERIOD), 403, "permission_missing")
