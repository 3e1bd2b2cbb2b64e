"""Row S6: the board with counts and sums a stage, the list, and moving to another stage until closed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from tests.support.builders.closing import lose
from tests.support.builders.opportunities import board, move, told
from tests.support.builders.sales import (
    conversation,
    newcomer,
    opportunity,
    stages,
)
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def maria(system: System) -> Client:
    return newcomer(system)


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


def test_a_card_is_moved_until_it_is_closed(maria: Client) -> None:
    made = opportunity(maria, amount="10.00")
    opened = conversation(maria, made)
    assert move(maria, made, "Proposta apresentada")["stage"]["name"] == "Proposta apresentada"
    path, last = f"/v1/opportunities/{made['id']}/stage", {"stage_id": stages(maria)["Encerrado"]}
    refused(maria.request("PUT", path, json=last), 409, "outcome_required")
    closed = lose(maria, made).json()
    assert (closed["state"], closed["legend"]) == ("closed", "closed")
    assert told(board(maria)["Encerrado"]) == (1, {"BRL": "10.00"})
    body = {"stage_id": stages(maria)["Negociação"]}
    refused(maria.request("PUT", path, json=body), 409, "opportunity_closed")
    attendance = f"/v1/attendances/{opened['id']}"
    wait_for(lambda: maria.get(attendance)["state"] == "closed", what="its conversation is closed, too")


def test_counts_and_sums_stay_right_while_many_write_at_once(maria: Client) -> None:
    person = maria.register("Concorrida")["id"]
    made = [opportunity(maria, person, amount="1.10") for _ in range(6)]
    names = list(stages(maria).items())[:4]

    def work(turn: int) -> int:
        if turn % 4 == 0:
            path, body = f"/v1/persons/{person}/opportunities", {"subject": "x", "amount": "0.30"}
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
