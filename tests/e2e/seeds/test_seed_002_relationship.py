"""Seed 002 as one story, in the order of its page: a person found, and everything that the page offers for them.

Editing and deleting appointments ("Editar Agendamento", "Excluir Agendamento") is rows C1 and C2's own test.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people, users
from tests.support.builders.asked import due, of_production
from tests.support.builders.commission import Seller, sell
from tests.support.builders.relations import relate
from tests.support.builders.sales import ids, newcomer, patch, put, today
from tests.support.builders.sold import item
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def boss(system: System) -> Client:
    """Administrator of a company that nobody else uses."""
    return newcomer(system)


@pytest.fixture(scope="module")
def attendant(system: System, boss: Client) -> Client:
    """Who does not see sales."""
    return users.as_user(system, users.create(boss, "attendant"))


@pytest.fixture(scope="module")
def customer(boss: Client) -> dict[str, Any]:
    """Client and supplier, with a characteristic, two addresses and two e-mails."""
    gold = boss.post("/v1/characteristics", {"name": "Cliente ouro", "message": "Atender primeiro"})
    word = people.unique_word()
    emails = [
        {"address": f"{word}.{name}@cliente.example".lower(), "main": name == "dona"} for name in ("dona", "loja")
    ]
    places = [{"kind": "main", "street": "Rua das Flores", "city": "Niterói", "state": "RJ"},
              {"kind": "delivery", "street": "Rua do Porto", "city": "Niterói", "state": "RJ"}]  # fmt: skip
    body = {"short_name": word, "document": people.cpf(), "category_ids": ["client", "supplier"], "emails": emails}
    return boss.register(f"Padaria {word}", **body, addresses=places, characteristic_ids=[gold["id"]])


def test_a_person_is_found_and_the_page_shows_what_their_category_and_the_users_access_offer(
    boss: Client, attendant: Client, customer: dict[str, Any]
) -> None:
    # --- "Localizar Pessoa": "informe o Código da Pessoa ou clique na lupa".
    person = boss.get(f"/v1/persons/by-code/{customer['code']}")["id"]
    assert person == customer["id"]
    assert ids(boss.get("/v1/persons", params={"q": customer["short_name"].lower()})) == [person]

    # --- "Categoria da Pessoa": the options depend on the chosen one, and on what the user may do.
    path = f"/v1/persons/{person}/view"
    shown = boss.get(path)
    assert (shown["category"]["name"], people.ids_of(shown["categories"])) == ("Cliente", ["client", "supplier"])
    assert {"contracts", "receivables", "attendances", "related_persons"} <= set(shown["options"])
    assert "receivables" not in boss.get(path, params={"category_id": "supplier"})["options"]
    assert "receivables" not in attendant.get(path)["options"]
    # "Uma pessoa que pertença a mais de duas categorias terá um único código".
    patch(boss, f"/v1/persons/{person}", {"category_ids": ["client", "supplier", "carrier"]})
    found = boss.get(f"/v1/persons/by-code/{customer['code']}")
    assert people.ids_of(found["categories"]) == ["client", "supplier", "carrier"]

    # --- "Característica da Pessoa".
    assert [one["name"] for one in shown["characteristics"]] == ["Cliente ouro"]
    # --- "Endereço": principal, entrega, cobrança.
    assert [one["kind"] for one in boss.get(f"/v1/persons/{person}")["addresses"]] == ["main", "delivery"]


def test_spies_are_mailed_critical_factors_are_shown_and_an_email_is_sent(
    system: System, boss: Client, attendant: Client, customer: dict[str, Any]
) -> None:
    path = f"/v1/persons/{customer['id']}"
    # --- "Spy System": consult who watches the person, or watch it oneself; its attendances are e-mailed.
    assert boss.get(f"{path}/watchers")["items"] == []
    (watcher,) = put(boss, f"{path}/watchers/me", {})["items"]
    subject = f"Forno {people.unique_word()}"
    opened = attendant.post(f"{path}/attendances", {"subject": subject, "due_at": due(days=6)})
    wait_for(lambda: _mails(system, subject), what="the watcher's mail")
    assert {mail["to"][0] for mail in _mails(system, subject)} == {watcher["email"]}

    # --- "Fatores Críticos": overdue for more than five days; a command forwards it to who must act.
    (group,) = boss.get("/v1/critical-factors", params={"person_id": customer["id"]})["items"]
    assert [(one["attendance"]["id"], one["kind"]) for one in group["items"]] == [(opened["id"], "overdue")]

    # --- "Enviar E-mail": the main address filled in, the others suggested.
    form = boss.get(f"{path}/email-form")
    assert form["to"] == customer["emails"][0]["address"]
    assert customer["emails"][1]["address"] in form["suggestions"]
    subject = f"Novidades {people.unique_word()}"
    boss.post(f"{path}/mails", {"to": [customer["emails"][1]["address"]], "subject": subject, "text": "Olá!"})
    wait_for(lambda: _mails(system, subject), what="the e-mail")
    assert [mail["to"] for mail in _mails(system, subject)] == [[customer["emails"][1]["address"]]]


@pytest.mark.parametrize("production", [False, True])
def test_attendances_and_those_of_production_have_the_same_actions(
    boss: Client, customer: dict[str, Any], production: bool
) -> None:
    path = f"/v1/persons/{customer['id']}/attendances"
    kind = {"type_id": of_production(boss)} if production else {}
    made = boss.post(path, {"subject": "Nota não sai", **kind})
    done = boss.post(path, {"subject": "Já resolvido", **kind})
    own = f"/v1/attendances/{made['id']}"
    boss.post(f"/v1/attendances/{done['id']}/close", None)
    # --- "Abertos ou Encerrados".
    where = {"person_id": customer["id"], "limit": 100}
    listed = "/v1/production" if production else "/v1/attendances"
    assert made["id"] in ids(boss.get(listed, params={**where, "state": "open"}))
    assert done["id"] in ids(boss.get(listed, params={**where, "state": "closed"}))
    # --- "Parecer", "Histórico", "Detalhes".
    boss.post(f"{own}/entries", {"text": "Vou verificar."})
    assert [one["text"] for one in boss.get(f"{own}/entries")["items"]] == ["Vou verificar."]
    assert boss.get(own)["opened_by"]["id"] == boss.session["user"]["id"]
    # --- "Alterar assunto", "Alterar data de contato interno".
    changed = patch(boss, own, {"subject": "Nota não sai na loja 2", "internal_contact_date": today(2)})
    assert (changed["subject"], changed["internal_contact_date"]) == ("Nota não sai na loja 2", today(2))
    # --- "Duplicar atendimento": "a sua duplicidade será indicada no parecer automaticamente".
    copy = boss.post(f"{own}/duplicate", {})
    assert copy["duplicate_of"] is not None
    assert str(made["reference"]) in boss.get(f"/v1/attendances/{copy['id']}/entries")["items"][0]["text"]


def test_receivables_contracts_related_persons_and_appointments(boss: Client, customer: dict[str, Any]) -> None:
    path = f"/v1/persons/{customer['id']}"
    # --- "A Receber": abertos ou baixados; detalhes.
    owed, paid = (
        boss.put(f"{path}/receivables/{number}", {"amount": "90.00", "due_on": today(9)}) for number in (1, 2)
    )
    boss.post(f"/v1/receivables/{paid['id']}/settle", {})
    assert ids(boss.get(f"{path}/receivables", params={"state": "open"})) == [owed["id"]]
    assert ids(boss.get(f"{path}/receivables", params={"state": "settled"})) == [paid["id"]]
    assert boss.get(f"/v1/receivables/{owed['id']}")["outstanding"] == "90.00"

    # --- "Contratos": fixos, variáveis, cobrados, doados, suspensa e/ou paralisada; detalhes.
    deal = {"items": [item("120.00", recurring=True)], "starts_on": "2099-01-01"}
    fixed, free = (boss.put(f"{path}/contracts/{kind}", {**deal, "kind": kind, "billing": billing})
                   for kind, billing in (("fixed", "billed"), ("variable", "donated")))  # fmt: skip
    boss.post(f"/v1/contracts/{fixed['id']}/suspend", {"reason": "Obra."})
    for asked, found in (
        ({"kind": ["fixed"]}, [fixed]),
        ({"billing": ["donated"]}, [free]),
        ({"state": ["suspended"]}, [fixed]),
        ({"state": ["stopped"]}, []),
        ({"state": ["suspended", "stopped"], "kind": ["fixed", "variable"]}, [fixed]),
    ):
        assert ids(boss.get(f"{path}/contracts", params=asked)) == ids({"items": found}), asked
    assert boss.get(f"/v1/contracts/{fixed['id']}")["monthly"] == "120.00"

    # --- "Pessoa Relacionada": código, nome ou nome curto; "Visualizar".
    rita = boss.register(f"Rita {people.unique_word()}", short_name="Ritinha")
    link = relate(boss, customer, rita, "employee")
    for words in (str(rita["code"]), rita["name"].lower(), "ritinha"):
        assert ids(boss.get(f"{path}/related", params={"q": words})) == [link["id"]], words
    assert boss.get(f"{path}/related/{link['id']}")["person"]["name"] == rita["name"]

    # --- "Agendamentos": pessoa, endereço, tipo, and its details.
    visit = {"kind": "visita", "subject": "Medir", "address": "Rua das Flores, 10",
             "starts_at": "2031-03-05T09:00:00-03:00", "ends_at": "2031-03-05T10:00:00-03:00"}  # fmt: skip
    booked = boss.post(f"{path}/appointments", visit)
    (shown,) = boss.get(f"{path}/appointments")["items"]
    assert (shown["id"], shown["address"], shown["kind"]) == (booked["id"], visit["address"], "visita")


def test_the_commission_account_is_there_for_employees_and_representatives_only(system: System, boss: Client) -> None:
    # --- "Conta Corrente": "habilitada somente se no cadastro do usuário logado, possuir uma pessoa correspondente".
    refused(boss.request("GET", "/v1/commission-account/entries"), 403, "person_not_linked")
    seller = Seller(system, boss, "5.00")
    order = sell(seller.client, "100.00")
    # Por lançamento ou por item; em aberto, pendentes ou fechado.
    (pending,) = seller.entries("pending")
    assert (pending["amount"], pending["order_id"]) == ("5.00", order["id"])
    (by_item,) = seller.client.get("/v1/commission-account/items", params={"state": "pending"})["items"]
    assert by_item["entry_id"] == pending["id"]
    assert seller.entries("open") == seller.entries("closed") == []
    assert seller.client.get(f"/v1/commission-account/entries/{pending['id']}") == pending


def _mails(system: System, subject: str) -> list[Any]:
    return [mail for mail in system.mails() if subject in mail["subject"]]
