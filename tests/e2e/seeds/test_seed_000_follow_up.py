"""Seed 000 as one story, in the order of its page: a sale's follow-up from new contact to reopening.

Left out, for others build them: "Dias livres" and the appointments "anteriores e excluídos" (rows C1, C3), "Enviar
Ficha de Visita" (S23), "Enviar Documentos para Cliente" and the e-mail of an entry (N3, N6), sending the quote as HTML
and its variables (S12).
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import sold as builders_sold
from tests.support.builders import users
from tests.support.builders.attendance import put, unique_key
from tests.support.builders.closing import grant, monthly, reopen, win
from tests.support.builders.sales import conversation, delete, ids, newcomer, patch, today
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

VISIT = {"kind": "visita", "subject": "Apresentar o plano", "address": "Rua das Flores, 10",
         "starts_at": "2031-03-05T09:00:00-03:00", "ends_at": "2031-03-05T10:00:00-03:00"}  # fmt: skip
STANDARD = "Cliente {{pessoa}} contatado por telefone."


@pytest.fixture(scope="module")
def boss(system: System) -> Client:
    """Administrator of a company that has the tables of the "Configurador" set up."""
    client = newcomer(system)
    _configure(client)
    return client


@pytest.fixture(scope="module")
def supervisor(boss: Client) -> dict[str, Any]:
    return users.create(boss, "manager")


@pytest.fixture(scope="module")
def seller(system: System, boss: Client) -> Client:
    return users.as_user(system, users.create(boss, "seller"))


def _configure(client: Client) -> None:
    """Centers, the workflow of a sale, the cycle's questions, the type of attendance with its standard text."""
    word = unique_key()
    contact, done = f"{word}-contato", f"{word}-feito"
    client.post("/v1/responsibility-centers", {"id": contact, "name": "Contato com o cliente"})
    client.post("/v1/responsibility-centers", {"id": done, "name": "Proposta em andamento"})
    items = [
        {"id": "contato", "kind": "center", "center_id": contact, "next": ["sucedido"]},
        {"id": "sucedido", "kind": "decision", "question": "O contato foi bem-sucedido?", "answers": [
            {"id": "sim", "text": "Sim", "to": "andamento"}, {"id": "nao", "text": "Não", "to": "contato"}]},
        {"id": "andamento", "kind": "center", "center_id": done, "next": ["fim"]},
        {"id": "fim", "kind": "center", "center_id": f"{word}-fim"},
    ]  # fmt: skip
    client.post("/v1/responsibility-centers", {"id": f"{word}-fim", "name": "Encerrado", "ends_the_process": True})
    client.post("/v1/workflows", {"id": f"{word}-venda", "name": "Venda", "items": items})
    client.post(f"/v1/workflows/{word}-venda/publish", None)
    questions = [{"id": "porte", "text": "Quantos usuários?", "kind": "number", "required": True}]
    cycle = {"id": f"{word}-ciclo", "name": "Venda padrão", "centers": [{"center_id": contact, "questions": questions}]}
    client.post("/v1/service-cycles", cycle)
    group = {"workflow_id": f"{word}-venda", "cycle_id": f"{word}-ciclo"}
    client.post("/v1/attendance-types", {"id": f"{word}-vendas", "kind": "group", "name": "Vendas", **group})
    leaf = {"kind": "leaf", "name": "Venda nova", "parent_id": f"{word}-vendas", "attachments_allowed": True}
    texts = [{"id": "contatado", "name": "Contatado", "text": STANDARD}]
    client.post("/v1/attendance-types", {"id": f"{word}-nova", **leaf, "standard_texts": texts})
    options = {"opportunity_type_id": f"{word}-nova", "cycle_in_opportunities": True}
    put(client, "/v1/settings/attendance-options", options)


def parked(system: System) -> int:
    return system.queue_length("dead.sales") + system.queue_length("dead.attendance")


def test_a_follow_up_from_new_contact_to_reopening(  # noqa: PLR0915 (it reads like the page)
    system: System, boss: Client, seller: Client, supervisor: dict[str, Any]
) -> None:
    before = parked(system)
    registered = boss.register("Padaria do Bairro")
    code, person = registered["code"], registered["id"]

    # --- "Criar Contato de Venda": informe o código da pessoa; data de contato, or the current one; o nome do contato.
    assert seller.get(f"/v1/persons/by-code/{code}")["id"] == person
    body = {"subject": "Plano de gestão", "environment": "3 lojas", "means_of_contact": "Telefone"}
    made = seller.post(f"/v1/persons/{person}/opportunities", body)
    path, talk = f"/v1/opportunities/{made['id']}", f"/v1/attendances/{made['attendance_id']}"
    assert (made["contact_date"], made["legend"]) == (today(), "today")
    conversation(seller, made)
    # "(Opcional) Ciclo de atendimento": answer the questions raised.
    put(seller, f"{talk}/cycle", {"answers": {"porte": "12"}})
    # "(Opcional) Agendamento ... vinculado ao contato de venda".
    visit = seller.post(f"/v1/persons/{person}/appointments", {**VISIT, "opportunity_id": made["id"]})
    assert ids(seller.get(f"{path}/appointments")) == [visit["id"]]

    # --- "Localizar Contato": em aberto, or em aberto e encerrados, each with its legend.
    tomorrow = seller.post(f"/v1/persons/{person}/opportunities", {"subject": "Outro", "contact_date": today(1)})
    late = seller.post(f"/v1/persons/{person}/opportunities", {"subject": "Antigo", "contact_date": today(-9)})
    internal = {"subject": "Interno", "contact_date": today(2), "internal_contact_date": today()}
    inside = seller.post(f"/v1/persons/{person}/opportunities", internal)
    found = seller.get(f"/v1/persons/{person}/opportunities")["items"]
    assert {one["id"]: one["legend"] for one in found} == {
        made["id"]: "today", tomorrow["id"]: "open", late["id"]: "overdue", inside["id"]: "internal_date",
    }  # fmt: skip

    # --- "Inserir Parecer no Contato de Venda": "A concluir" keeps it as it is typed; "Pareceres pendentes" resumes it.
    put(seller, f"{talk}/draft", {"content": {"text": "Falei com a dona e ela"}})
    assert [one["attendance_id"] for one in seller.get("/v1/attendance-drafts")["items"]] == [made["attendance_id"]]
    assert seller.get(f"{talk}/draft")["content"]["text"] == "Falei com a dona e ela"
    # Texto padrão, anexos (<= 10 MB and as the type allows).
    seller.post(f"{talk}/entries", {"standard_text_id": "contatado"})
    assert seller.get("/v1/attendance-drafts")["items"] == []
    file = seller.request("POST", f"{talk}/attachments", params={"name": "fachada.txt"}, data=b"3 portas").json()
    # "Clique em Ok": the workflow asks for its decision.
    typed = {"text": "Falei com a dona e ela quer uma proposta.", "attachment_ids": [file["id"]], "confirm": True}
    confirmed = seller.post(f"{talk}/entries", {**typed, "next_contact_date": today(3)})
    decision = confirmed["next"]["decision"]
    assert decision["question"] == "O contato foi bem-sucedido?"
    moved = seller.post(f"{talk}/move", {"answer": "sim", "position": confirmed["next"]["position"]})
    assert moved["next"]["centers"][0]["name"] == "Encerrado"
    wait_for(lambda: seller.get(path)["contact_date"] == today(3), what="the next return is planned")
    # "Editar contato", without leaving.
    edited = seller.patch(path, {"success_percent": 80, "amount": "150.00"})
    assert (edited["success_percent"], edited["amount"]) == (80, "150.00")

    # --- "Visualizar Histórico do Contato": complete, and those made with the standard text.
    history = seller.get(f"{talk}/entries")["items"]
    assert [entry["kind"] for entry in history] == ["move", "note", "note", "cycle"]
    (standard,) = seller.get(f"{talk}/entries", params={"standard": "true"})["items"]
    assert standard["text"] == "Cliente Padaria do Bairro contatado por telefone."

    # --- "Criar Agendamento (Vinculado ao Contato)".
    again = {**VISIT, "opportunity_id": made["id"], "starts_at": "2031-03-06T09:00:00-03:00",
             "ends_at": "2031-03-06T10:00:00-03:00"}  # fmt: skip
    seller.post(f"/v1/persons/{person}/appointments", again)
    assert len(seller.get(f"{path}/appointments")["items"]) == 2

    # --- "Consultar Ciclo de Atendimento".
    (part,) = [one for one in seller.get(f"{talk}/cycle")["centers"] if one["questions"]]
    assert [(one["text"], one["value"]) for one in part["questions"]] == [("Quantos usuários?", "12")]

    # --- "Criar Proposta de Venda (Vinculada ao Contato)": consulted with the earlier ones; changed, and approved.
    quote = seller.post(f"{path}/quotes", {"items": [monthly(price="200.00")], "terms": {"count": 2}})
    revised = seller.post(f"/v1/quotes/{quote['id']}/versions", {"items": [monthly(price="150.00")]})
    assert [version["state"] for version in revised["versions"]] == ["void", "in_approval"]
    assert ids(seller.get(f"/v1/persons/{person}/quotes")) == [quote["id"]]
    seller.post(f"/v1/quotes/{quote['id']}/versions/2/approve", None)

    # --- Closing, approved by a supervisor where the company demands it: a contract for what was sold.
    patch(boss, "/v1/settings/sales", {"closing_needs_supervisor": True})
    refused(win(seller, made), 403, "approval_missing")
    closed = win(seller, made, grant(seller, supervisor, "close_opportunity_as_won", made["id"])).json()
    assert (closed["legend"], closed["outcome"], closed["approved_by"]["name"]) == ("closed", "won", supervisor["name"])
    (order,), (contract,) = closed["orders"], closed["contracts"]
    assert (order["basket"]["total"], contract["monthly"], contract["surplus"]) == ("150.00", "150.00", False)
    assert made["id"] not in ids(seller.get(f"/v1/persons/{person}/opportunities"))
    both = seller.get(f"/v1/persons/{person}/opportunities", params={"state": ["open", "closed"]})["items"]
    assert {one["id"]: one["legend"] for one in both}[made["id"]] == "closed"
    wait_for(lambda: seller.get(talk)["state"] == "closed", what="its conversation ends")

    # --- "Reabrir Contato de Venda": not while a "pedido de venda" is there, which has to be deleted first.
    refusal = refused(reopen(seller, made), 409, "opportunity_ordered")
    assert refusal["params"]["orders"] == [{"id": order["id"], "number": order["number"], "status": "approved"}]
    delete(seller, f"/v1/orders/{order['id']}")
    # "Solicite o acesso de um supervisor"; "Descreva o motivo da reabertura do contato".
    refused(reopen(seller, made), 403, "approval_missing")
    once = grant(seller, supervisor, "reopen_opportunity", made["id"], reason="Quer mais usuários.")
    assert reopen(seller, made, once, reason="Quer mais usuários.").json()["state"] == "open"
    wait_for(lambda: seller.get(talk)["state"] == "open", what="its conversation goes on")
    told = seller.get(f"{talk}/entries")["items"][0]["text"]
    assert told == f"Contato de venda reaberto: Quer mais usuários.\nAprovado por {supervisor['name']}."

    # --- "Quando a comercialização de excedente for realizada": a contract for the sale, and another for the surplus.
    seller.post(f"{path}/quotes", builders_sold.offer("999.00"))  # never approved
    sold = seller.post(f"{path}/quotes", {"items": [monthly(price="150.00")]})
    seller.post(f"/v1/quotes/{sold['id']}/versions/1/approve", None)
    surplus = {"items": [monthly("USUARIO-EXTRA", "9.90", quantity="4")]}
    approval = grant(seller, supervisor, "close_opportunity_as_won", made["id"], **surplus)
    refused(win(seller, made, approval, **surplus), 409, "surplus_billing_missing")
    patch(boss, "/v1/settings/sales", {"surplus_billing_kind": "Negociação de excedente"})
    closed = win(seller, made, approval, **surplus).json()
    assert [(one["surplus"], one["billing_kind"], one["monthly"]) for one in closed["contracts"]] == [
        (False, "", "150.00"), (True, "Negociação de excedente", "39.60"),
    ]  # fmt: skip
    # Now nothing reopens it: "caso tenha ocorrido a venda de algum produto excedente".
    for order in closed["orders"]:
        delete(seller, f"/v1/orders/{order['id']}")
    refusal = refused(reopen(seller, made), 409, "opportunity_surplus_sold")
    assert "USUARIO-EXTRA" in refusal["detail"]

    # All of it stands in its timeline.
    turns = [one["kind"] for one in seller.get(f"{path}/timeline")["items"] if one["type"] == "turn"]
    assert turns == ["won", "reopened", "won"]
    assert parked(system) == before
