"""Seed 003 as one story, in the order of its page: flows, attendances in them, and what is done with them.

The NF-e of a sale ("Se desejar emitir NF-e") is row S22's own test; the template of an e-mail is N5's.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.support.builders import people, users
from tests.support.builders.asked import due, printed
from tests.support.builders.flows import listed, new_tag, tag_names, user_id
from tests.support.builders.sales import delete, ids, newcomer, patch, put
from tests.support.builders.sold import offer
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

COLUMNS = ["state", "reference", "subject", "contact_name", "value", "updated_at", "created_at"]


@pytest.fixture(scope="module")
def boss(system: System) -> Client:
    """Administrator of a company that nobody else uses."""
    return newcomer(system)


@pytest.fixture(scope="module")
def seller(system: System, boss: Client) -> Client:
    return users.as_user(system, users.create(boss, "seller"))


@pytest.fixture(scope="module")
def stranger(system: System, boss: Client) -> Client:
    """Of the company, and authorised in no flow."""
    return users.as_user(system, users.create(boss, "seller"))


@pytest.fixture(scope="module")
def flow(boss: Client, seller: Client) -> dict[str, Any]:
    """Of both."""
    allowed = [user_id(boss), user_id(seller)]
    body = {"name": "  Pós-venda ", "description": "Cadência depois da entrega", "user_ids": allowed}
    made: dict[str, Any] = boss.post("/v1/flows", body)
    return made


@pytest.fixture(scope="module")
def customer(boss: Client) -> dict[str, Any]:
    """Whose contact "já deve ter sido cadastrado"."""
    word = people.unique_word()
    email = {"address": f"{word.lower()}@cliente.example", "main": True}
    return boss.register(f"Padaria {word}", emails=[email], phones=[{"number": people.phone(), "main": True}])


def test_flows_are_made_managed_and_seen_by_their_users_only(
    boss: Client, seller: Client, stranger: Client, flow: dict[str, Any]
) -> None:
    # --- "Criar Fluxos": no spaces at either end; name and alias may be the same; accents are no trouble here.
    assert (flow["name"], flow["alias"], flow["active"]) == ("Pós-venda", "Pós-venda", True)
    path = f"/v1/flows/{flow['id']}"

    # --- "Gerencie as permissões de acesso em usuários autorizados".
    assert flow["id"] in ids(seller.get("/v1/flows"))
    assert flow["id"] not in ids(stranger.get("/v1/flows"))
    refused(stranger.request("GET", path), 404, "flow_not_found")

    # --- "Gerenciar fluxos": inativar, ativar, editar, and excluir by the dustbin.
    assert boss.post(f"{path}/deactivate", None)["active"] is False
    assert flow["id"] not in ids(seller.get("/v1/flows"))
    assert boss.post(f"{path}/activate", None)["active"] is True
    assert patch(boss, path, {"alias": "pos"})["alias"] == "pos"
    spare = boss.post("/v1/flows", {"name": "Engano"})
    delete(boss, f"/v1/flows/{spare['id']}")
    refused(boss.request("GET", f"/v1/flows/{spare['id']}"), 404, "flow_not_found")


def test_tags_are_made_coloured_ordered_and_not_linked_meanwhile(
    boss: Client, seller: Client, flow: dict[str, Any], customer: dict[str, Any]
) -> None:
    path = f"/v1/flows/{flow['id']}"
    # --- "Clique no ícone do lápis": criar, editar, alterar cor, deletar.
    hot, cold, wrong = (new_tag(seller, flow["id"], name) for name in ("Quente", "Frio", "Errada"))
    patch(seller, f"{path}/tags/{cold}", {"name": "Morno", "colour": "#ffaa00"})
    delete(seller, f"{path}/tags/{wrong}")
    # --- "A tag TODOS é fixa em 1º lugar".
    assert tag_names(seller, flow) == ["TODOS", "Quente", "Morno"]
    refused(seller.request("DELETE", f"{path}/tags/todos"), 409, "tag_fixed")

    # --- "Se não finalizar a ordenação, não será possível vincular tags nos registros".
    seller.post(f"{path}/tag-order/lock", None)
    tagged = {"subject": "Entrega", "flow_id": flow["id"], "tag_ids": [hot]}
    opening = f"/v1/persons/{customer['id']}/attendances"
    refused(boss.request("POST", opening, json=tagged), 409, "tags_being_ordered")
    put(seller, f"{path}/tag-order", {"tag_ids": [cold, hot]})
    delete(seller, f"{path}/tag-order/lock")
    assert tag_names(boss, flow) == ["TODOS", "Morno", "Quente"]
    assert boss.post(opening, tagged)["tags"] == [{"id": hot, "name": "Quente"}]


def test_an_attendance_from_its_opening_to_the_trash(  # noqa: PLR0915 (it reads like the page)
    system: System, boss: Client, seller: Client, customer: dict[str, Any]
) -> None:
    flow = boss.post("/v1/flows", {"name": "Venda", "user_ids": [user_id(boss), user_id(seller)]})
    path, hot = f"/v1/flows/{flow['id']}", new_tag(boss, flow["id"], "Quente")
    opening = f"/v1/persons/{customer['id']}/attendances"

    # --- "Criar Atendimentos": in a flow, with its tag, a "vencimento" and the first interaction;
    # "salvar" keeps it inside.
    refused(seller.request("POST", "/v1/persons/none/attendances", json={"subject": "x"}), 404, "person_not_found")
    first = {"subject": "Forno", "flow_id": flow["id"], "tag_ids": [hot], "due_at": due(days=-30), "text": "Ligou."}
    made = seller.post(opening, first)
    own = f"/v1/attendances/{made['id']}"
    # "Salvar e notificar" sends the customer a copy; nothing else does.
    seller.post(f"{own}/entries", {"text": "Chega amanhã.", "notify_customer": True})
    wait_for(lambda: _copies(system, customer), what="the customer's copy")
    other = seller.post(opening, {"subject": "Amassadeira", "flow_id": flow["id"], "text": "Só entre nós."})

    # --- "As colunas de visualização são: Situação | Referência | ...", each of which sorts; the company sets them.
    assert [one["name"] for one in boss.get("/v1/settings/attendance")["columns"] if one["visible"]] == COLUMNS
    assert [one["subject"] for one in listed(seller, flow["id"], sort="subject")] == ["Amassadeira", "Forno"]
    assert ids({"items": listed(seller, flow["id"], tag_id=hot)}) == [made["id"]]
    # --- "Em procurar": reference, title, name of the contact.
    for words in (str(made["reference"]), "forno", customer["name"].upper()):
        assert made["id"] in ids({"items": listed(seller, flow["id"], q=words)}), words
    # --- The quick switch to another flow.
    assert flow["id"] in ids(seller.get("/v1/flows"))

    # --- "Clique em relatórios, dados do contato": with the first interaction, as text or CSV.
    report = seller.request("POST", "/v1/attendances/reports", json={"ids": [made["id"]]})
    (row,) = csv.DictReader(io.StringIO(report.content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert (row["Assunto"], row["Primeiro parecer"]) == ("Forno", "Ligou.")
    text = seller.request("POST", "/v1/attendances/reports", json={"ids": [made["id"]], "format": "text"})
    assert "Ligou." in text.content.decode("utf-8-sig")

    # --- "Registrar orçamento": em aprovação; the flow shows its value and how many there are.
    quote = seller.post(f"{own}/quotes", offer("890.00"))
    wait_for(lambda: _in_approval(seller, path) == (1, "890.00"), what="the flow's totals")
    # "Se adicionar mais itens, sempre será criada uma versão atual e inutilizada as anteriores".
    changed = seller.post(f"/v1/quotes/{quote['id']}/versions", offer("950.00"))
    assert [version["state"] for version in changed["versions"]] == ["void", "in_approval"]
    refused(seller.request("POST", f"/v1/quotes/{quote['id']}/versions/1/approve"), 409, "quote_version_void")
    # "Ao APROVAR o orçamento, ele irá para o submenu vendas".
    seller.post(f"/v1/quotes/{quote['id']}/versions/2/approve", None)
    assert [one["basket"]["total"] for one in seller.get(f"{own}/orders")["items"]] == ["950.00"]
    # --- "Registrar venda": já aprovada; "compras" the other way round. All stand in the timeline.
    orders = f"/v1/persons/{customer['id']}/orders"
    seller.post(orders, {**offer("50.00"), "attendance_id": made["id"]})
    seller.post(orders, {**offer("20.00"), "attendance_id": made["id"], "kind": "purchase"})
    assert len(seller.get(f"{own}/orders")["items"]) == 2
    assert len(seller.get(f"{own}/orders", params={"kind": "purchase"})["items"]) == 1
    told = [one["type"] for one in seller.get(f"{own}/timeline", params={"limit": 100})["items"]]
    assert (told.count("order"), told.count("quote")) == (3, 1), told

    # --- "Imprimir", "com interações"; the arrows to the one before and after.
    assert "Chega amanhã." in printed(seller, made, entries=True)
    assert "Chega amanhã." not in printed(seller, made, entries=False)
    beside = seller.get(f"{path}/attendances/{other['id']}/neighbours", params={"sort": "subject"})
    assert (beside["previous"], beside["next"]) == (None, made["id"])

    # --- "Mudar de fluxo": the tags go with it.
    target = boss.post("/v1/flows", {"name": "Entrega", "user_ids": [user_id(boss), user_id(seller)]})
    moved = put(seller, f"{own}/flow", {"flow_id": target["id"]})
    assert [tag["name"] for tag in moved["tags"]] == ["Quente"]
    assert tag_names(seller, target) == ["TODOS", "Quente"]

    # --- "Arquivado pode ser desarquivado, excluído pode ser restaurado"; each is in its own list and nowhere else.
    for there, back, filed in (("archive", "unarchive", "archived"), ("trash", "restore", "trashed")):
        seller.post(f"{own}/{there}", None)
        assert ids({"items": listed(seller, target["id"], filed=filed)}) == [made["id"]]
        assert listed(seller, target["id"]) == []
        seller.post(f"{own}/{back}", None)
    # A flow with attendances in it is not deleted.
    refused(boss.request("DELETE", f"/v1/flows/{target['id']}"), 409, "flow_in_use")


def _copies(system: System, customer: dict[str, Any]) -> list[Any]:
    return [mail for mail in system.mails() if mail["to"] == [customer["emails"][0]["address"]]]


def _in_approval(client: Client, flow: str) -> tuple[int, str | None]:
    """How many quotes of the flow await their answer, and what they are worth."""
    totals = client.get(flow)["totals"]
    sums = totals["in_approval"]
    return totals["quotes_in_approval"], sums[0]["amount"] if sums else None
