"""Row S10: the report of the CRM counts actions, not opportunities; by user, stage and period; JSON and CSV."""

from __future__ import annotations

import csv
import io

import pytest

from tests.support.builders.opportunities import act, report
from tests.support.builders.sales import delete, newcomer, opportunity, put, stages, today
from tests.support.problems import field_refused
from tests.support.stack.system import Client, System


@pytest.fixture
def maria(system: System) -> Client:
    return newcomer(system)


def test_an_action_counts_in_the_stage_where_it_was_recorded(maria: Client) -> None:
    made, places = opportunity(maria), stages(maria)
    act(maria, made)
    put(maria, f"/v1/opportunities/{made['id']}/stage", {"stage_id": places["Negociação"]})
    act(maria, made)
    act(maria, made)
    found = report(maria)
    assert [(row["stage"]["name"], row["total"]) for row in found["items"]] == [("Prospecção", 1), ("Negociação", 2)]
    assert report(maria, stage_id=places["Negociação"])["totals"]["total"] == 2
    assert report(maria, stage_id=places["Negociação"], user_id="me")["totals"]["total"] == 2
    delete(maria, f"/v1/opportunities/{made['id']}")
    assert report(maria)["totals"]["total"] == 3


def test_a_period_and_a_user_are_chosen(maria: Client) -> None:
    act(maria, opportunity(maria))
    assert report(maria, user_id="me")["totals"]["total"] == 1
    assert report(maria, user_id="joao")["items"] == []
    assert report(maria, **{"from": today(-9)}, to=today(-1))["items"] == []
    assert report(maria, **{"from": today(0)}, to=today(0))["totals"]["total"] == 1


def test_a_spreadsheet_opens_it(maria: Client) -> None:
    act(maria, opportunity(maria), kind="whatsapp")
    params = {"from": today(), "to": today(1)}
    answer = maria.request("GET", "/v1/reports/actions.csv", params=params)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))
    assert rows[0] == ["Usuário", "Estágio", "Tipo de ação", "Total", "Pendentes", "Concluídas", "Canceladas"]
    assert rows[1] == [maria.session["user"]["name"], "Prospecção", "WhatsApp", "1", "1", "0", "0"]
    assert rows[-1] == ["Total", "", "", "1", "1", "0", "0"]


def test_a_name_is_no_formula(maria: Client) -> None:
    first = maria.get("/v1/stages")["items"][0]["id"]
    assert maria.request("PATCH", f"/v1/stages/{first}", json={"name": "=1+1"}).ok
    act(maria, opportunity(maria))
    params = {"from": today(), "to": today(1)}
    assert ";'=1+1;" in maria.request("GET", "/v1/reports/actions.csv", params=params).text


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "from"),
        ({"from": "2031-01-02", "to": "2031-01-01"}, "to"),
        ({"from": "2031-01-01", "to": "2032-01-02"}, "to"),
        ({"from": "ontem", "to": "2031-01-01"}, "from"),
    ],
)
def test_a_wrong_period_is_refused(ana: Client, params: dict[str, str], field: str) -> None:
    for path in ("/v1/reports/actions", "/v1/reports/actions.csv"):
        field_refused(ana.request("GET", path, params=params), field)
