"""Row S6: the board with counts and sums a stage, the list, and moving to another stage until closed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from tests.support.builders.sales import (
    colleague,
    conversation,
    delete,
    ids,
    newcomer,
    opportunity,
    patch,
    put,
    stages,
    today,
)
from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def maria(system: System) -> Client:
    return newcomer(system)


def board(client: Client, **params: Any) -> dict[str, dict[str, Any]]:
    """Columns by the stage's name."""
    columns = client.get("/v1/pipeline", params=params)["columns"]
    return {column["stage"]["name"]: column for column in columns}


def move(client: Client, made: dict[str, Any], stage: str) -> dict[str, Any]:
    return put(client, f"/v1/opportunities/{made['id']}/stage", {"stage_id": stages(client)[stage]})


def told(column: dict[str, Any]) -> tuple[int, dict[str, str]]:
    return column["count"], {one["currency"]: one["amount"] for one in column["sums"]}


def test_the_board_has_a_column_a_stage_with_its_count_and_sums(maria: Client) -> None:
    person = maria.register("Funil")["id"]
    for amount in ("10.10", "0.20", None):
        opportunity(maria, person, amount=amount)
    opportunity(maria, person, amount="5.00", currency="USD")
    found = board(maria)
    assert list(found) == ["Prospecção", "Contato realizado", "Proposta apresentada", "Negociação", "Encerrado"]
    assert told(found["Prospecção"]) == (4, {"BRL": "10.30", "USD": "5.00"})
    assert told(found["Negociação"]) == (0, {})
    assert len(found["Prospecção"]["items"]) == 4


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
    rest = maria.get("/v1/opportunities", params=params)
    assert ids(rest) == [made[2], made[0]]
    assert rest["next_cursor"] is None


def test_a_card_is_moved_until_it_is_closed(maria: Client) -> None:
    made = opportunity(maria, amount="10.00")
    opened = conversation(maria, made)
    assert move(maria, made, "Proposta apresentada")["stage_name"] == "Proposta apresentada"
    closed = move(maria, made, "Encerrado")
    assert (closed["status"], closed["legend"]) == ("closed", "closed")
    assert told(board(maria)["Encerrado"]) == (1, {"BRL": "10.00"})
    path, body = f"/v1/opportunities/{made['id']}/stage", {"stage_id": stages(maria)["Negociação"]}
    refused(maria.request("PUT", path, json=body), 409, "opportunity_closed")
    attendance = f"/v1/attendances/{opened['id']}"
    wait_for(lambda: maria.get(attendance)["status"] == "closed", what="its conversation is closed, too")


def test_the_customers_status_is_no_stage(maria: Client) -> None:
    made = opportunity(maria)
    changed = patch(maria, f"/v1/opportunities/{made['id']}", {"customer_status": "client"})
    assert (changed["customer_status"], changed["stage_id"]) == ("client", made["stage_id"])
    assert move(maria, made, "Negociação")["customer_status"] == "client"


def test_the_list_is_filtered_by_stage_status_responsible_and_customer(maria: Client) -> None:
    person, joao = maria.register("Lista")["id"], colleague(maria)
    mine, joaos = (
        opportunity(maria, person),
        opportunity(maria, person, responsible_id=joao, customer_status="client"),
    )
    gone = opportunity(maria, person)
    move(maria, gone, "Encerrado")
    move(maria, joaos, "Negociação")

    def listed(**params: Any) -> list[str]:
        return ids(maria.get("/v1/opportunities", params=params))

    assert sorted(listed()) == sorted([mine["id"], joaos["id"]])
    assert listed(status="closed") == [gone["id"]]
    assert listed(stage_id=stages(maria)["Negociação"]) == [joaos["id"]]
    assert listed(responsible_id="me") == [mine["id"]]
    assert listed(responsible_id=joao, customer_status="client") == [joaos["id"]]
    assert listed(responsible_id=joao, customer_status="suspect") == []
    column = board(maria, responsible_id=joao)["Negociação"]
    assert (ids(column), column["count"], column["exact"]) == ([joaos["id"]], 1, True)
    assert board(maria, responsible_id=joao)["Prospecção"]["count"] == 0


def test_counts_and_sums_stay_right_while_many_write_at_once(maria: Client) -> None:
    person = maria.register("Concorrida")["id"]
    made = [opportunity(maria, person, amount="1.10") for _ in range(6)]
    names = list(stages(maria).items())[:4]

    def work(turn: int) -> int:
        if turn % 4 == 0:
            path, body = f"/v1/persons/{person}/opportunities", {"description": "x", "amount": "0.30"}
            return maria.request("POST", path, json=body).status_code
        target = made[turn % len(made)]["id"]
        if turn % 4 == 1:
            body = {"amount": f"{turn}.05"}
            return maria.request("PATCH", f"/v1/opportunities/{target}", json=body).status_code
        body = {"stage_id": names[turn % 4][1]}
        return maria.request("PUT", f"/v1/opportunities/{target}/stage", json=body).status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(work, range(48)))
    assert statuses.count(201) >= 6
    found = board(maria, limit=100)
    for name, _ in names:
        items = found[name]["items"]
        amounts = sum((Decimal(item["amount"]) for item in items), Decimal())
        assert told(found[name]) == (len(items), {"BRL": str(amounts)} if items else {}), name
    assert sum(column["count"] for column in found.values()) == len(made) + statuses.count(201)


def test_wrong_moves_and_filters_are_refused(maria: Client) -> None:
    path = f"/v1/opportunities/{opportunity(maria)['id']}/stage"
    refused(maria.request("PUT", path, json={"stage_id": "nothing"}), 404, "stage_not_found")
    field_refused(maria.request("PUT", path, json={}), "stage_id")
    refused(maria.request("GET", "/v1/opportunities", params={"stage_id": "nothing"}), 404, "stage_not_found")
    field_refused(maria.request("GET", "/v1/opportunities", params={"status": "half"}), "status")
    field_refused(maria.request("GET", "/v1/pipeline", params={"limit": 101}), "limit")


def test_a_viewer_looks_and_moves_nothing(system: System, ana: Client) -> None:
    viewer = newcomer(system, "viewer", "padaria")
    made = opportunity(ana)
    assert len(viewer.get("/v1/pipeline")["columns"]) >= 5
    body = {"stage_id": made["stage_id"]}
    answer = viewer.request("PUT", f"/v1/opportunities/{made['id']}/stage", json=body)
    refused(answer, 403, "permission_missing")
