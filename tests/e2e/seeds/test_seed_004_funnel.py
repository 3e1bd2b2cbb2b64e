"""Seed 004 as one story: a subject from its quick registration through the funnel to its end, as the page tells it."""

from __future__ import annotations

from typing import Any

from tests.support.builders.closing import lose
from tests.support.builders.sales import delete, ids, newcomer, opportunity, patch, put, stages, today
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import System


def test_a_subject_goes_through_the_funnel(system: System) -> None:
    maria = newcomer(system)

    # Configurações do CRM: days without interaction, stages, markers
    patch(maria, "/v1/settings/sales", {"idle_days": 10})
    visit = maria.post("/v1/stages", {"name": "Demonstração", "position": 3})
    patch(maria, f"/v1/stages/{visit['id']}", {"name": "Demonstração do produto"})
    hot = maria.post("/v1/markers", {"name": "Quente", "colour": "#ff8800"})

    # Incluir assunto, with a quick registration of the customer
    body = {"subject": "Demonstração do forno", "amount": "8900.00", "person": {"name": "Padaria do Seu Zé"}}
    made = maria.post("/v1/opportunities", body)
    path = f"/v1/opportunities/{made['id']}"
    assert made["stage"]["name"] == "Prospecção"

    # the actions say what to do and when; a note; an e-mail
    call = maria.post(f"{path}/actions", {"kind": "call", "text": "Ligar para o Zé", "due_on": today(1)})
    maria.post(f"{path}/actions", {"kind": "note", "text": "Prefere à tarde", "state": "done"})
    maria.post(f"{path}/actions", {"kind": "email", "text": "Segue o folheto", "state": "done"})
    put(maria, f"/v1/actions/{call['id']}/state", {"state": "done"})

    # markers on one or many, and the filter
    maria.post("/v1/opportunities/markers", {"ids": [made["id"]], "add": [hot["id"]]})
    assert ids(maria.get("/v1/opportunities", params={"marker_id": hot["id"]})) == [made["id"]]

    # Visão funil: dragged from stage to stage; the customer's status is another thing
    for stage in ("Contato realizado", "Demonstração do produto", "Proposta apresentada", "Negociação"):
        moved = put(maria, f"{path}/stage", {"stage_id": stages(maria)[stage]})
        assert moved["stage"]["name"] == stage
    patch(maria, path, {"customer_status": "client"})
    column = _column(maria.get("/v1/pipeline"), "Negociação")
    assert (column["count"], column["sums"]) == (1, [{"currency": "BRL", "amount": "8900.00"}])

    # Linha do tempo
    wait_for(lambda: len(maria.get(f"{path}/timeline")["items"]) == 3, what="three actions")
    assert [item["kind"] for item in maria.get(f"{path}/timeline")["items"]] == ["email", "note", "call"]

    # Encerrado: no more dragging
    last = maria.request("PUT", f"{path}/stage", json={"stage_id": stages(maria)["Encerrado"]})
    refused(last, 409, "outcome_required")
    lose(maria, made)
    answer = maria.request("PUT", f"{path}/stage", json={"stage_id": stages(maria)["Negociação"]})
    refused(answer, 409, "opportunity_closed")

    # O relatório é baseado nas ações realizadas
    totals = maria.get("/v1/reports/actions", params={"from": today(), "to": today(1)})["totals"]
    assert (totals["total"], totals["done"]) == (3, 3)

    # Arquivar; excluir, and what is deleted cannot be restored
    other = opportunity(maria)
    maria.post("/v1/opportunities/archive", {"ids": [made["id"], other["id"]]})
    assert sorted(ids(maria.get("/v1/opportunities/archived"))) == sorted([made["id"], other["id"]])
    maria.post("/v1/opportunities/delete", {"ids": [other["id"]]})
    refused(maria.request("POST", f"/v1/opportunities/{other['id']}/unarchive"), 404, "opportunity_not_found")
    delete(maria, f"/v1/markers/{hot['id']}")
    assert maria.get(path)["markers"] == []


def _column(board: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(column for column in board["columns"] if column["stage"]["name"] == name)
    return found
