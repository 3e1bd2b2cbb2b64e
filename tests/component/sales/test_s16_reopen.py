"""Row S16: reopened for a reason and with a supervisor's approval, unless surplus was sold or an order is there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import sold, users
from tests.support.builders.attendance import put as put_in_attendance
from tests.support.builders.attendance import set_up
from tests.support.builders.closing import charging_surplus, grant, lose, monthly, negotiated, reopen, reopening, win
from tests.support.builders.sales import delete, newcomer, opportunity
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def maria(system: System) -> Client:
    return charging_surplus(system)


@pytest.fixture(scope="module")
def manager(maria: Client) -> dict[str, Any]:
    return users.create(maria, "manager")


@pytest.fixture
def sale(maria: Client) -> dict[str, Any]:
    """In negotiation, with its conversation."""
    return negotiated(maria)


def test_always_a_supervisor_approves_each_time_anew(
    system: System, maria: Client, manager: dict[str, Any], sale: dict[str, Any]
) -> None:
    lose(maria, sale)
    # an administrator, who may approve as a supervisor, does so with their credentials as well
    problem = refused(reopen(maria, sale), 403, "approval_missing")
    assert problem["params"]["action"] == "sales.reopen_opportunity"
    seller = users.as_user(system, users.create(maria, "seller"))
    plain = users.create(maria, "seller")
    body = {"login": plain["login"], "password": users.LONG, "action": "sales.reopen_opportunity", "body": {}}
    refused(seller.request("POST", "/v1/approvals", json=body), 403, "supervisor_required")
    once = reopening(seller, manager, sale)
    assert reopen(seller, sale, once).ok
    lose(seller, sale)
    refused(reopen(seller, sale, once), 409, "grant_used")
    refused(reopen(seller, sale, grant(seller, manager, "reopen_opportunity", "another", reason="Voltou.")), 403,
            "grant_for_another_action")  # fmt: skip


def test_surplus_once_sold_blocks_for_good_and_is_named(
    maria: Client, manager: dict[str, Any], sale: dict[str, Any]
) -> None:
    closed = win(maria, sale, items=[monthly(), monthly("EXTRA", surplus=True)]).json()
    once = reopening(maria, manager, sale)
    problem = refused(reopen(maria, sale, once), 409, "opportunity_surplus_sold")
    extra = closed["contracts"][1]
    assert problem["params"]["products"] == ["EXTRA"]
    assert problem["params"]["contracts"] == [{"id": extra["id"], "number": extra["number"]}]
    assert f"EXTRA), contrato nº {extra['number']}" in problem["detail"]
    delete(maria, f"/v1/orders/{closed['orders'][0]['id']}")
    refused(reopen(maria, sale, once), 409, "opportunity_surplus_sold")


def test_surplus_sold_without_a_closing_as_won_blocks_too(
    maria: Client, manager: dict[str, Any], sale: dict[str, Any]
) -> None:
    body = {"items": [sold.item(), sold.item(code="EXTRA", surplus=True)], "opportunity_id": sale["id"]}
    maria.post(f"/v1/persons/{sale['person']['id']}/orders", body)
    maria.post(f"/v1/attendances/{sale['attendance_id']}/close", None)
    refused(reopen(maria, sale, reopening(maria, manager, sale)), 409, "opportunity_surplus_sold")


def test_a_purchase_is_no_sale(maria: Client, manager: dict[str, Any], sale: dict[str, Any]) -> None:
    body = {**sold.offer(), "kind": "purchase", "opportunity_id": sale["id"]}
    maria.post(f"/v1/persons/{sale['person']['id']}/orders", body)
    lose(maria, sale)
    assert reopen(maria, sale, reopening(maria, manager, sale)).ok


def test_a_rejected_quote_is_offered_anew(maria: Client, manager: dict[str, Any], sale: dict[str, Any]) -> None:
    quote = sold.quote(maria, sale["id"])
    lose(maria, sale)
    reopen(maria, sale, reopening(maria, manager, sale))
    path = f"/v1/quotes/{quote['id']}/versions"
    refused(maria.request("POST", f"{path}/1/approve"), 409, "quote_not_in_approval")
    revised = maria.post(path, sold.offer("90.00"))
    assert [version["state"] for version in revised["versions"]] == ["rejected", "in_approval"]
    maria.post(f"{path}/2/approve", None)
    assert win(maria, sale).json()["outcome"] == "won"


def test_where_its_stage_is_gone_it_begins_at_the_first(maria: Client, manager: dict[str, Any]) -> None:
    stage = maria.post("/v1/stages", {"name": "Visita técnica"})["id"]
    sale = opportunity(maria, stage_id=stage)
    lose(maria, sale)
    delete(maria, f"/v1/stages/{stage}")
    assert reopen(maria, sale, reopening(maria, manager, sale)).json()["stage"]["name"] == "Prospecção"


def test_the_board_counts_it_where_it_returns_to(maria: Client, manager: dict[str, Any], sale: dict[str, Any]) -> None:
    def count(name: str) -> int:
        columns = maria.get("/v1/pipeline")["columns"]
        return int(next(column["count"] for column in columns if column["stage"]["name"] == name))

    before = count("Negociação"), count("Encerrado")
    lose(maria, sale)
    assert (count("Negociação"), count("Encerrado")) == (before[0] - 1, before[1] + 1)
    reopen(maria, sale, reopening(maria, manager, sale))
    assert (count("Negociação"), count("Encerrado")) == before


def test_a_workflow_that_had_ended_goes_on_from_the_place_before(system: System) -> None:
    client = newcomer(system)
    shop = set_up(client)
    options = {"opportunity_type_id": shop.leaf, "cycle_in_opportunities": False}
    put_in_attendance(client, "/v1/settings/attendance-options", options)
    sale = sold.opportunity(client, client.register("Freguesa")["id"])
    path = f"/v1/attendances/{sale['attendance_id']}"
    client.post(f"{path}/move", {"answer": "sim", "position": 0})
    client.post(f"{path}/move", {"center_id": shop.done, "position": 1})
    assert client.get(f"/v1/opportunities/{sale['id']}")["state"] == "closed"
    boss = users.create(client, "manager")
    assert reopen(client, sale, reopening(client, boss, sale)).ok
    assert client.get(path)["state"] == "open"
    opened = client.get(path)
    assert opened["center"]["id"] == shop.workshop
    moved = client.post(f"{path}/move", {"center_id": shop.done, "position": opened["position"]})
    assert moved["attendance"]["state"] == "closed"
    assert client.get(f"/v1/opportunities/{sale['id']}")["state"] == "closed"


def test_open_archived_and_foreign_ones_are_refused(
    maria: Client, bruno: Client, manager: dict[str, Any], sale: dict[str, Any]
) -> None:
    refused(reopen(maria, sale), 409, "opportunity_not_closed")
    lose(maria, sale)
    field_refused(reopen(maria, sale, reason=" "), "reason")
    refused(reopen(bruno, sale), 404, "opportunity_not_found")
    maria.post(f"/v1/opportunities/{sale['id']}/archive", None)
    refused(reopen(maria, sale), 409, "opportunity_archived")
