"""Row S16: reopened for a reason and with a supervisor's approval, unless surplus was sold or an order is there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.builders import sold, users
from tests.support.builders.attendance import put as put_in_attendance
from tests.support.builders.attendance import set_up
from tests.support.builders.closing import grant, lose, monthly, reopen, win
from tests.support.builders.sales import delete, newcomer, opportunity, put, stages
from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def maria(system: System) -> Client:
    client = newcomer(system)
    put(client, "/v1/settings/sales", {"surplus_billing_kind": "Excedente"})
    return client


@pytest.fixture(scope="module")
def manager(maria: Client) -> dict[str, Any]:
    return users.create(maria, "manager")


@pytest.fixture
def sale(maria: Client) -> dict[str, Any]:
    """In negotiation, with its conversation."""
    made = sold.opportunity(maria, maria.register("Freguesa")["id"])
    put(maria, f"/v1/opportunities/{made['id']}/stage", {"stage_id": stages(maria)["Negociação"]})
    return made


def approval(client: Client, manager: dict[str, Any], sale: dict[str, Any], reason: str = "Voltou.") -> str:
    return grant(client, manager, "reopen_opportunity", sale["id"], reason=reason)


def test_it_returns_to_its_stage_and_the_conversation_goes_on_and_says_why(
    maria: Client, manager: dict[str, Any], sale: dict[str, Any]
) -> None:
    lose(maria, sale, details="Caro.")
    conversation = f"/v1/attendances/{sale['attendance_id']}"
    wait_for(lambda: maria.get(conversation)["status"] == "closed", what="the conversation is closed")
    reopened = reopen(maria, sale, approval(maria, manager, sale, "O cliente voltou."), "O cliente voltou.").json()
    assert (reopened["status"], reopened["stage_name"]) == ("open", "Negociação")
    assert (reopened["outcome"], reopened["lost_reason"], reopened["closing_note"]) == (None, None, "")
    assert (reopened["closed_at"], reopened["closed_by"], reopened["approved_by"]) == (None, None, None)
    wait_for(lambda: maria.get(conversation)["status"] == "open", what="the conversation goes on")
    last = maria.get(f"{conversation}/entries")["items"][0]
    assert last["kind"] == "system"
    assert last["text"] == f"Contato de venda reaberto: O cliente voltou.\nAprovado por {manager['name']}."
    assert last["author_name"] == maria.session["user"]["name"]
    maria.post(f"{conversation}/entries", {"text": "Vamos conversar."})
    turns = [one for one in maria.get(f"/v1/opportunities/{sale['id']}/timeline")["items"] if one["type"] == "turn"]
    assert [turn["kind"] for turn in turns] == ["reopened", "lost"]
    assert (turns[0]["record"]["supervisor_name"], turns[0]["author_name"]) == (
        manager["name"], maria.session["user"]["name"],
    )  # fmt: skip


def test_it_stays_open_when_all_that_followed_has_been_heard(
    system: System, maria: Client, manager: dict[str, Any], sale: dict[str, Any]
) -> None:
    """Closed and reopened in one breath: neither service takes the other's echo for news."""
    for _ in range(3):
        lose(maria, sale)
        assert reopen(maria, sale, approval(maria, manager, sale)).ok
    databases = [system.mongo(name) for name in ("sales", "attendance")]
    wait_for(lambda: not any(database["outbox"].find_one() for database in databases), what="a quiet bus")
    path = f"/v1/attendances/{sale['attendance_id']}"
    wait_for(lambda: maria.get(path)["status"] == "open", what="the conversation is open")
    final = maria.get(f"/v1/opportunities/{sale['id']}")
    assert (final["status"], final["stage_name"]) == ("open", "Negociação")
    lose(maria, sale)
    wait_for(lambda: maria.get(path)["status"] == "closed", what="it follows on")


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
    once = approval(seller, manager, sale)
    assert reopen(seller, sale, once).ok
    lose(seller, sale)
    refused(reopen(seller, sale, once), 409, "grant_used")
    refused(reopen(seller, sale, grant(seller, manager, "reopen_opportunity", "another", reason="Voltou.")), 403,
            "grant_for_another_action")  # fmt: skip


def test_an_order_blocks_until_it_is_deleted_and_is_named(
    maria: Client, manager: dict[str, Any], sale: dict[str, Any]
) -> None:
    closed = win(maria, sale, items=[monthly()]).json()
    (order,), (contract,) = closed["orders"], closed["contracts"]
    once = approval(maria, manager, sale)
    problem = refused(reopen(maria, sale, once), 409, "opportunity_ordered")
    assert problem["params"]["orders"] == [{"id": order["id"], "number": order["number"], "status": "approved"}]
    assert f"a venda nº {order['number']}; exclua-a primeiro" in problem["detail"]
    # "será necessário primeiro excluí-lo": a cancelled one is there as well
    maria.post(f"/v1/orders/{order['id']}/cancel", {"reason": "Erro."})
    assert "(cancelada)" in refused(reopen(maria, sale, once), 409, "opportunity_ordered")["detail"]
    delete(maria, f"/v1/orders/{order['id']}")
    assert reopen(maria, sale, once).json()["status"] == "open"
    stopped = maria.get(f"/v1/contracts/{contract['id']}")
    assert (stopped["status"], "reaberto" in stopped["status_reason"]) == ("stopped", True)
    again = win(maria, sale, items=[monthly(price="60.00")]).json()
    assert [one["monthly"] for one in again["contracts"]] == ["60.00"]
    assert len(maria.get(f"/v1/persons/{sale['person_id']}/contracts")["items"]) == 2


def test_surplus_once_sold_blocks_for_good_and_is_named(
    maria: Client, manager: dict[str, Any], sale: dict[str, Any]
) -> None:
    closed = win(maria, sale, items=[monthly(), monthly("EXTRA", surplus=True)]).json()
    once = approval(maria, manager, sale)
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
    body = {"items": [sold.item(), sold.item(product="EXTRA", surplus=True)], "opportunity_id": sale["id"]}
    maria.post(f"/v1/persons/{sale['person_id']}/orders", body)
    put(maria, f"/v1/opportunities/{sale['id']}/stage", {"stage_id": stages(maria)["Encerrado"]})
    refused(reopen(maria, sale, approval(maria, manager, sale)), 409, "opportunity_surplus_sold")


def test_a_purchase_is_no_sale(maria: Client, manager: dict[str, Any], sale: dict[str, Any]) -> None:
    body = {**sold.offer(), "kind": "purchase", "opportunity_id": sale["id"]}
    maria.post(f"/v1/persons/{sale['person_id']}/orders", body)
    lose(maria, sale)
    assert reopen(maria, sale, approval(maria, manager, sale)).ok


def test_a_rejected_quote_is_offered_anew(maria: Client, manager: dict[str, Any], sale: dict[str, Any]) -> None:
    quote = sold.quote(maria, sale["id"])
    lose(maria, sale)
    reopen(maria, sale, approval(maria, manager, sale))
    path = f"/v1/quotes/{quote['id']}/versions"
    refused(maria.request("POST", f"{path}/1/approve"), 409, "quote_not_in_approval")
    revised = maria.post(path, sold.offer("90.00"))
    assert [version["status"] for version in revised["versions"]] == ["rejected", "in_approval"]
    maria.post(f"{path}/2/approve", None)
    assert win(maria, sale).json()["outcome"] == "won"


def test_where_its_stage_is_gone_it_begins_at_the_first(maria: Client, manager: dict[str, Any]) -> None:
    stage = maria.post("/v1/stages", {"name": "Visita técnica"})["id"]
    sale = opportunity(maria, stage_id=stage)
    lose(maria, sale)
    delete(maria, f"/v1/stages/{stage}")
    assert reopen(maria, sale, approval(maria, manager, sale)).json()["stage_name"] == "Prospecção"


def test_the_board_counts_it_where_it_returns_to(maria: Client, manager: dict[str, Any], sale: dict[str, Any]) -> None:
    def count(name: str) -> int:
        columns = maria.get("/v1/pipeline")["columns"]
        return int(next(column["count"] for column in columns if column["stage"]["name"] == name))

    before = count("Negociação"), count("Encerrado")
    lose(maria, sale)
    assert (count("Negociação"), count("Encerrado")) == (before[0] - 1, before[1] + 1)
    reopen(maria, sale, approval(maria, manager, sale))
    assert (count("Negociação"), count("Encerrado")) == before


def test_a_workflow_that_had_ended_goes_on_from_the_place_before(system: System) -> None:
    client = newcomer(system)
    shop = set_up(client)
    options = {"opportunity_type_id": shop.leaf, "cycle_in_opportunities": False}
    put_in_attendance(client, "/v1/attendance-options", options)
    sale = sold.opportunity(client, client.register("Freguesa")["id"])
    path = f"/v1/attendances/{sale['attendance_id']}"
    client.post(f"{path}/move", {"answer": "sim", "position": 0})
    client.post(f"{path}/move", {"center_id": shop.done, "position": 1})
    wait_for(lambda: client.get(f"/v1/opportunities/{sale['id']}")["status"] == "closed", what="closed by its workflow")
    boss = users.create(client, "manager")
    assert reopen(client, sale, approval(client, boss, sale)).ok
    wait_for(lambda: client.get(path)["status"] == "open", what="the conversation goes on")
    opened = client.get(path)
    assert opened["center_id"] == shop.workshop
    moved = client.post(f"{path}/move", {"center_id": shop.done, "position": opened["position"]})
    assert moved["attendance"]["status"] == "closed"
    wait_for(lambda: client.get(f"/v1/opportunities/{sale['id']}")["status"] == "closed", what="closed once more")


def test_ten_who_reopen_at_once_reopen_it_once(maria: Client, manager: dict[str, Any], sale: dict[str, Any]) -> None:
    lose(maria, sale)
    grants = [approval(maria, manager, sale) for _ in range(10)]
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda one: reopen(maria, sale, one).status_code, grants))
    assert sorted(answers) == [200, *[409] * 9]


def test_open_archived_and_foreign_ones_are_refused(
    maria: Client, bruno: Client, manager: dict[str, Any], sale: dict[str, Any]
) -> None:
    refused(reopen(maria, sale), 409, "opportunity_not_closed")
    lose(maria, sale)
    field_refused(reopen(maria, sale, reason=" "), "reason")
    refused(reopen(bruno, sale), 404, "opportunity_not_found")
    maria.post(f"/v1/opportunities/{sale['id']}/archive", None)
    refused(reopen(maria, sale), 409, "opportunity_archived")
