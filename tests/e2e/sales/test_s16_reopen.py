"""Row S16: reopened for a reason and with a supervisor's approval, unless surplus was sold or an order is there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.builders import users
from tests.support.builders.closing import charging_surplus, lose, monthly, negotiated, reopen, reopening, win
from tests.support.builders.sales import delete
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
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


def test_it_returns_to_its_stage_and_the_conversation_goes_on_and_says_why(
    maria: Client, manager: dict[str, Any], sale: dict[str, Any]
) -> None:
    lose(maria, sale, details="Caro.")
    conversation = f"/v1/attendances/{sale['attendance_id']}"
    wait_for(lambda: maria.get(conversation)["state"] == "closed", what="the conversation is closed")
    reopened = reopen(maria, sale, reopening(maria, manager, sale, "O cliente voltou."), "O cliente voltou.").json()
    assert (reopened["state"], reopened["stage"]["name"]) == ("open", "Negociação")
    assert (reopened["outcome"], reopened["lost_reason"], reopened["closing_note"]) == (None, None, "")
    assert (reopened["closed_at"], reopened["closed_by"], reopened["approved_by"]) == (None, None, None)
    wait_for(lambda: maria.get(conversation)["state"] == "open", what="the conversation goes on")
    last = maria.get(f"{conversation}/entries")["items"][0]
    assert last["kind"] == "system"
    assert last["text"] == f"Contato de venda reaberto: O cliente voltou.\nAprovado por {manager['name']}."
    assert last["recorded_by"]["name"] == maria.session["user"]["name"]
    maria.post(f"{conversation}/entries", {"text": "Vamos conversar."})
    turns = [one for one in maria.get(f"/v1/opportunities/{sale['id']}/timeline")["items"] if one["type"] == "turn"]
    assert [turn["kind"] for turn in turns] == ["reopened", "lost"]
    assert (turns[0]["record"]["approved_by"]["name"], turns[0]["by"]["name"]) == (
        manager["name"], maria.session["user"]["name"],
    )  # fmt: skip


def test_it_stays_open_when_all_that_followed_has_been_heard(
    system: System, maria: Client, manager: dict[str, Any], sale: dict[str, Any]
) -> None:
    """Closed and reopened in one breath: neither service takes the other's echo for news."""
    for _ in range(3):
        lose(maria, sale)
        assert reopen(maria, sale, reopening(maria, manager, sale)).ok
    databases = [system.mongo(name) for name in ("sales", "attendance")]
    wait_for(lambda: not any(database["outbox"].find_one() for database in databases), what="a quiet bus")
    path = f"/v1/attendances/{sale['attendance_id']}"
    wait_for(lambda: maria.get(path)["state"] == "open", what="the conversation is open")
    final = maria.get(f"/v1/opportunities/{sale['id']}")
    assert (final["state"], final["stage"]["name"]) == ("open", "Negociação")
    lose(maria, sale)
    wait_for(lambda: maria.get(path)["state"] == "closed", what="it follows on")


def test_an_order_blocks_until_it_is_deleted_and_is_named(
    maria: Client, manager: dict[str, Any], sale: dict[str, Any]
) -> None:
    closed = win(maria, sale, items=[monthly()]).json()
    (order,), (contract,) = closed["orders"], closed["contracts"]
    once = reopening(maria, manager, sale)
    problem = refused(reopen(maria, sale, once), 409, "opportunity_ordered")
    assert problem["params"]["orders"] == [{"id": order["id"], "number": order["number"], "status": "approved"}]
    assert f"a venda nº {order['number']}; exclua-a primeiro" in problem["detail"]
    # "será necessário primeiro excluí-lo": a cancelled one is there as well
    maria.post(f"/v1/orders/{order['id']}/cancel", {"reason": "Erro."})
    assert "(cancelada)" in refused(reopen(maria, sale, once), 409, "opportunity_ordered")["detail"]
    delete(maria, f"/v1/orders/{order['id']}")
    assert reopen(maria, sale, once).json()["state"] == "open"
    stopped = maria.get(f"/v1/contracts/{contract['id']}")
    assert (stopped["state"], "reaberto" in stopped["state_reason"]) == ("stopped", True)
    again = win(maria, sale, items=[monthly(price="60.00")]).json()
    assert [one["monthly"] for one in again["contracts"]] == ["60.00"]
    assert len(maria.get(f"/v1/persons/{sale['person']['id']}/contracts")["items"]) == 2


def test_ten_who_reopen_at_once_reopen_it_once(maria: Client, manager: dict[str, Any], sale: dict[str, Any]) -> None:
    lose(maria, sale)
    grants = [reopening(maria, manager, sale) for _ in range(10)]
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda one: reopen(maria, sale, one).status_code, grants))
    assert sorted(answers) == [200, *[409] * 9]
