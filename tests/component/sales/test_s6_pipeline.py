"""Row S6: the board with counts and sums a stage, the list, and moving to another stage until closed."""

from __future__ import annotations

from typing import Any

import pytest

from services.sales.opportunities.board import OpportunityCard
from tests.support.builders.closing import lose
from tests.support.builders.opportunities import board, move, told
from tests.support.builders.sales import (
    colleague,
    delete,
    ids,
    newcomer,
    opportunity,
    patch,
    stages,
    today,
)
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture
def maria(system: System) -> Client:
    return newcomer(system)


def test_counts_and_sums_follow_every_change(maria: Client) -> None:
    one, other = opportunity(maria, amount="100.00"), opportunity(maria, amount="1.00")
    move(maria, one, "Negociação")
    assert told(board(maria)["Negociação"]) == (1, {"BRL": "100.00"})
    patch(maria, f"/v1/opportunities/{one['id']}", {"amount": "70.50"})
    assert told(board(maria)["Negociação"]) == (1, {"BRL": "70.50"})
    patch(maria, f"/v1/opportunities/{one['id']}", {"currency": "EUR"})
    assert told(board(maria)["Negociação"]) == (1, {"EUR": "70.50"})
    maria.post(f"/v1/opportunities/{one['id']}/archive", None)
    assert told(board(maria)["Negociação"]) == (0, {})
    maria.post(f"/v1/opportunities/{one['id']}/unarchive", None)
    assert told(board(maria)["Negociação"]) == (1, {"EUR": "70.50"})
    delete(maria, f"/v1/opportunities/{other['id']}")
    assert told(board(maria)["Prospecção"]) == (0, {})


def test_the_most_pressing_card_is_first_and_the_list_goes_on_where_the_column_ends(maria: Client) -> None:
    person = maria.register("Cartões")["id"]
    made = [opportunity(maria, person, contact_date=today(shift))["id"] for shift in (4, -1, 2, 0)]
    column = board(maria, limit=2)["Prospecção"]
    assert ids(column) == [made[1], made[3]]
    assert column["count"] == 4
    params = {"stage_id": column["stage"]["id"], "cursor": column["next_cursor"]}
    for path in ("/v1/pipeline/cards", "/v1/opportunities"):
        rest = maria.get(path, params=params)
        assert (ids(rest), rest["next_cursor"]) == ([made[2], made[0]], None)


def test_a_card_says_what_a_board_shows_and_no_more(maria: Client) -> None:
    made = opportunity(maria, amount="10.50", contact_date=today(-1), success_percent=30)
    (card,) = board(maria)["Prospecção"]["items"]
    assert set(card) == set(OpportunityCard().fields)
    assert card["person"] == made["person"]
    assert (card["amount"], card["legend"], card["success_percent"]) == ("10.50", "overdue", 30)
    (same,) = maria.get("/v1/pipeline/cards", params={"stage_id": made["stage"]["id"]})["items"]
    assert same == card


def test_the_next_cards_pass_the_filters_of_the_board(maria: Client) -> None:
    person, joao = maria.register("Filtrada")["id"], colleague(maria)
    mine = [opportunity(maria, person, contact_date=today(shift))["id"] for shift in (1, 3)]
    opportunity(maria, person, contact_date=today(2), responsible_id=joao)
    column = board(maria, limit=1, user_id="me")["Prospecção"]
    asked = {"stage_id": column["stage"]["id"], "cursor": column["next_cursor"], "user_id": "me"}
    assert [*ids(column), *ids(maria.get("/v1/pipeline/cards", params=asked))] == mine


def test_the_last_stage_asks_for_the_outcome_and_nothing_is_moved(maria: Client) -> None:
    made = opportunity(maria)
    path, last = f"/v1/opportunities/{made['id']}/stage", {"stage_id": stages(maria)["Encerrado"]}
    problem = refused(maria.request("PUT", path, json=last), 409, "outcome_required")
    assert problem["params"]["outcomes"] == ["won", "lost"]
    assert maria.get(f"/v1/opportunities/{made['id']}")["state"] == "open"
    lose(maria, made)
    refused(maria.request("PUT", path, json=last), 409, "opportunity_closed")


def test_the_customers_status_is_no_stage(maria: Client) -> None:
    made = opportunity(maria)
    changed = patch(maria, f"/v1/opportunities/{made['id']}", {"customer_status": "client"})
    assert (changed["customer_status"], changed["stage"]["id"]) == ("client", made["stage"]["id"])
    assert move(maria, made, "Negociação")["customer_status"] == "client"


def test_the_list_is_filtered_by_stage_status_responsible_and_customer(maria: Client) -> None:
    person, joao = maria.register("Lista")["id"], colleague(maria)
    mine, joaos = (
        opportunity(maria, person),
        opportunity(maria, person, responsible_id=joao, customer_status="client"),
    )
    gone = opportunity(maria, person)
    lose(maria, gone)
    move(maria, joaos, "Negociação")

    def listed(**params: Any) -> list[str]:
        return ids(maria.get("/v1/opportunities", params=params))

    assert sorted(listed()) == sorted([mine["id"], joaos["id"]])
    assert listed(state="closed") == [gone["id"]]
    assert listed(stage_id=stages(maria)["Negociação"]) == [joaos["id"]]
    assert listed(user_id="me") == [mine["id"]]
    assert listed(user_id=joao, customer_status="client") == [joaos["id"]]
    assert listed(user_id=joao, customer_status="suspect") == []
    column = board(maria, user_id=joao)["Negociação"]
    assert (ids(column), column["count"], column["exact"]) == ([joaos["id"]], 1, True)
    assert board(maria, user_id=joao)["Prospecção"]["count"] == 0


def test_wrong_moves_and_filters_are_refused(maria: Client) -> None:
    path = f"/v1/opportunities/{opportunity(maria)['id']}/stage"
    refused(maria.request("PUT", path, json={"stage_id": "nothing"}), 404, "stage_not_found")
    field_refused(maria.request("PUT", path, json={}), "stage_id")
    refused(maria.request("GET", "/v1/opportunities", params={"stage_id": "nothing"}), 404, "stage_not_found")
    field_refused(maria.request("GET", "/v1/opportunities", params={"state": "half"}), "state")
    field_refused(maria.request("GET", "/v1/pipeline", params={"limit": 101}), "limit")
    cards = "/v1/pipeline/cards"
    refused(maria.request("GET", cards, params={"stage_id": "nothing"}), 404, "stage_not_found")
    field_refused(maria.request("GET", cards), "stage_id")
    asked = {"stage_id": stages(maria)["Negociação"], "cursor": "AAAA"}
    refused(maria.request("GET", cards, params=asked), 422, "cursor_invalid")


def test_a_viewer_looks_and_moves_nothing(system: System, ana: Client) -> None:
    viewer = newcomer(system, "viewer", "padaria")
    made = opportunity(ana)
    assert len(viewer.get("/v1/pipeline")["columns"]) >= 5
    body = {"stage_id": made["stage"]["id"]}
    answer = viewer.request("PUT", f"/v1/opportunities/{made['id']}/stage", json=body)
    refused(answer, 403, "permission_missing")
