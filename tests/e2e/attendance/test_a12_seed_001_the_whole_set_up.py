"""Seed 001's page, step by step: centers, workflow, cycle, type; then the cycle is used in an attendance."""

from __future__ import annotations

from tests.support.builders.attendance import history, put, unique_key
from tests.support.problems import refused
from tests.support.stack.system import Client


def test_the_whole_set_up_and_its_use(ana: Client) -> None:
    word = unique_key()
    contact, offer, sold, lost = (f"{word}-{name}" for name in ("contato", "proposta", "vendido", "perdido"))

    # "Criar Centros de Responsabilidade": each is a phase; one that ends the process is marked so.
    for key, name, ends in (
        (contact, "Contato com o cliente", False),
        (offer, "Proposta", False),
        (sold, "Venda realizada", True),
        (lost, "Venda não realizada", True),
    ):
        ana.post("/v1/responsibility-centers", {"id": key, "name": name, "ends_the_process": ends})

    # "Criar Workflow": the contacts made, whether they succeeded, whether the sale was made.
    items = [
        {"id": "contato", "kind": "center", "center_id": contact, "next": ["sucedido"]},
        {"id": "sucedido", "kind": "decision", "question": "O contato foi bem-sucedido?", "answers": [
            {"id": "sim", "text": "Sim", "to": "proposta"}, {"id": "nao", "text": "Não", "to": "insistir"}]},
        {"id": "insistir", "kind": "decision", "question": "Tentar de novo?", "answers": [
            {"id": "sim", "text": "Sim", "to": "contato"}, {"id": "nao", "text": "Não", "to": "perdido"}]},
        {"id": "proposta", "kind": "center", "center_id": offer, "next": ["vendido", "perdido"]},
        {"id": "vendido", "kind": "center", "center_id": sold},
        {"id": "perdido", "kind": "center", "center_id": lost},
    ]  # fmt: skip
    workflow = f"{word}-venda"
    ana.post("/v1/workflows", {"id": workflow, "name": "Venda", "items": items})
    checked = ana.get(f"/v1/workflows/{workflow}/check")
    assert (checked["publishable"], checked["stranded_count"]) == (True, 0)
    assert ana.post(f"/v1/workflows/{workflow}/publish", None)["published"] == 1

    # "Criar Ciclo de Atendimento": questions for the centers of the workflow, one by one.
    cycle = f"{word}-ciclo"
    asked = [
        {"center_id": contact, "questions": [
            {"id": "quem", "text": "Com quem falou?", "required": True},
            {"id": "quando", "text": "Quando quer comprar?", "kind": "date"}]},
        {"center_id": offer, "questions": [
            {"id": "valor", "text": "Qual o valor?", "kind": "number", "required": True}]},
    ]  # fmt: skip
    ana.post("/v1/service-cycles", {"id": cycle, "name": "Venda padrão", "centers": asked})

    # "Criar Tipo de Atendimento": workflow and cycle on the group; on the leaf, the workflow of its billing.
    group, leaf = f"{word}-vendas", f"{word}-venda-nova"
    both = {"workflow_id": workflow, "cycle_id": cycle}
    ana.post("/v1/attendance-types", {"id": group, "kind": "group", "name": "Vendas", **both})
    analytic = {"kind": "leaf", "name": "Venda nova", "parent_id": group, "billing_workflow_id": workflow}
    assert ana.post("/v1/attendance-types", {"id": leaf, **analytic})["effective"]["cycle"]["id"] == cycle

    # "Rotina Ciclo de Atendimento": the attendance is opened, and its questions are answered as it goes.
    person = ana.register("Padaria do Bairro")
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Forno novo", "type_id": leaf})
    path = f"/v1/attendances/{opened['id']}"
    confirmed = ana.post(f"{path}/entries", {"text": "Liguei e falei com a dona.", "confirm": True})
    assert confirmed["next"]["decision"]["question"] == "O contato foi bem-sucedido?"
    step = {"answer": "sim", "position": confirmed["next"]["position"]}
    refused(ana.request("POST", f"{path}/move", json=step), 409, "cycle_unanswered")
    put(ana, f"{path}/cycle", {"answers": {"quem": "Dona Marília"}})
    moved = ana.post(f"{path}/move", step)
    assert (moved["attendance"]["center"]["id"], moved["next"]["kind"]) == (offer, "centers")
    assert [one["name"] for one in moved["next"]["centers"]] == ["Venda realizada", "Venda não realizada"]
    put(ana, f"{path}/cycle", {"answers": {"valor": "18500.00", "quando": "2031-03-01"}})
    sale = {"text": "Fechado!", "center_id": sold, "position": moved["next"]["position"]}
    done = ana.post(f"{path}/entries", sale)
    assert (done["attendance"]["state"], done["next"]["kind"]) == ("closed", "end")

    # The questions and answers are seen from then on, with who and when; the history explains every state.
    shown = ana.get(f"{path}/cycle")["centers"]
    answers = {one["text"]: (one["value"], one["answered_by"]["name"]) for part in shown for one in part["questions"]}
    assert answers == {
        "Com quem falou?": ("Dona Marília", "Ana"),
        "Quando quer comprar?": ("2031-03-01", "Ana"),
        "Qual o valor?": ("18500.00", "Ana"),
    }
    assert [one["kind"] for one in history(ana, opened)] == [
        "note", "cycle", "move", "cycle", "note", "move", "system"]  # fmt: skip
