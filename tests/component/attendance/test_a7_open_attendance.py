"""Row A7: an attendance is opened on a registered person, of a type, with an optional first entry; by others too."""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from tests.support.builders import people, users
from tests.support.builders.attendance import history, open_one, set_up
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


def test_a_first_entry_is_recorded_with_it(ana: Client) -> None:
    person = ana.register("Falante")
    body = {"subject": "Proposta", "text": "Quer um forno."}
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", body)
    assert opened["entry_count"] == 1
    entries = ana.get(f"/v1/attendances/{opened['id']}/entries")["items"]
    assert [(entry["text"], entry["recorded_by"]["name"]) for entry in entries] == [("Quer um forno.", "Ana")]


def test_references_count_up_and_the_list_is_newest_first(ana: Client) -> None:
    person = ana.register("Frequente")
    made = [ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": f"Visita {n}"}) for n in range(3)]
    assert [one["reference"] - made[0]["reference"] for one in made] == [0, 1, 2]
    listed = ana.get(f"/v1/persons/{person['id']}/attendances")["items"]
    assert [one["id"] for one in listed] == [one["id"] for one in made[::-1]]


def test_an_unknown_person_and_an_empty_title_are_refused(ana: Client) -> None:
    person = ana.register("Calada")
    path = f"/v1/persons/{person['id']}/attendances"
    refused(ana.request("POST", "/v1/persons/nobody/attendances", json={"subject": "x"}), 404, "person_not_found")
    field_refused(ana.request("POST", path, json={"subject": ""}), "subject")
    field_refused(ana.request("POST", path, json={"subject": "x", "text": "y" * 20_001}), "text")
    assert ana.get(path)["items"] == []


def test_it_starts_at_the_beginning_of_its_types_workflow(ana: Client) -> None:
    made = set_up(ana)
    opened = open_one(ana, made, due_at="2031-01-05T10:00:00-03:00")
    assert (opened["type"]["id"], opened["center"]["id"], opened["item_id"]) == (made.leaf, made.triage, "entrada")
    assert (opened["workflow"]["id"], opened["workflow_version"], opened["cycle"]["id"]) == (
        made.workflow,
        1,
        made.cycle,
    )
    assert opened["due_at"] == "2031-01-05T13:00:00+00:00"
    today = dt.datetime.now(ZoneInfo("America/Sao_Paulo")).date()
    assert opened["contact_date"] == str(today + dt.timedelta(days=3)), "the type's days"


def test_its_contact_is_a_registered_one(ana: Client) -> None:
    person = ana.register("Com contato", contacts=[{"name": "Rita Campos"}])
    path = f"/v1/persons/{person['id']}/attendances"
    assert ana.post(path, {"subject": "x", "contact": "rita campos"})["contact"] == "Rita Campos"
    refused(ana.request("POST", path, json={"subject": "x", "contact": "José"}), 404, "contact_not_found")
    ana.post(f"/v1/persons/{person['id']}/contacts", {"name": "José"})
    assert ana.post(path, {"subject": "x", "contact": "José"})["contact"] == "José"


def test_another_systems_key_opens_once_and_answers_the_same_from_then_on(ana: Client) -> None:
    person, key = ana.register("Integrada"), uuid.uuid4().hex
    path = f"/v1/persons/{person['id']}/attendances"
    body = {"subject": "Chamado 77", "text": "Aberto pelo portal.", "dedup_key": key}
    first = ana.request("POST", path, json=body)
    assert (first.status_code, first.json()["created"]) == (201, True)
    ana.post(f"/v1/attendances/{first.json()['id']}/entries", {"text": "Segue."})
    for again in ({**body, "subject": "Outro assunto"}, body):
        answer = ana.request("POST", path, json=again)
        assert (answer.status_code, answer.json()["id"]) == (200, first.json()["id"])
        assert (answer.json()["entry_count"], answer.json()["subject"]) == (2, "Chamado 77")
    assert len(ana.get(path)["items"]) == 1
    other = ana.register("Outra")
    refused(ana.request("POST", f"/v1/persons/{other['id']}/attendances", json=body), 409, "dedup_key_reused")


def test_the_same_key_of_another_company_is_another_attendance(ana: Client, bruno: Client) -> None:
    key = uuid.uuid4().hex
    opened = []
    for client in (ana, bruno):
        person = client.register("Chaveada")
        opened.append(client.post(f"/v1/persons/{person['id']}/attendances", {"subject": "x", "dedup_key": key}))
    assert opened[0]["id"] != opened[1]["id"]
    assert all(one["created"] for one in opened)


def test_it_may_be_about_a_product(ana: Client) -> None:
    path = f"/v1/persons/{ana.register('Com produto')['id']}/attendances"
    named = {"id": None, "name": "Forno F-200"}
    opened = ana.post(path, {"subject": "Não liga", "product": "Forno F-200"})
    assert opened["product"] == named
    assert ana.get(f"/v1/attendances/{opened['id']}/details")["attendance"]["product"] == {
        "id": None,
        "name": "Forno F-200",
    }
    assert ana.get(path)["items"][0]["product"] == named
    assert ana.post(f"/v1/attendances/{opened['id']}/duplicate", None)["product"] == named
    assert ana.post(path, {"subject": "Sem"})["product"] is None
    for wrong in ("", "x" * 151):
        field_refused(ana.request("POST", path, json={"subject": "x", "product": wrong}), "product")


def test_due_date_contact_and_product_are_changed_later_and_the_history_says_so(ana: Client) -> None:
    person = ana.register("Maria Alterada", contacts=[{"name": "Rita Campos"}])
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "x", "product": "Forno"})
    path = f"/v1/attendances/{opened['id']}"
    changed = ana.patch(path, {"due_at": "2031-01-05T10:00:00-03:00", "contact": "rita campos", "product": "Estufa"})
    assert (changed["due_at"], changed["product"]["name"]) == ("2031-01-05T13:00:00+00:00", "Estufa")
    assert (changed["contact"], changed["contact_name"]) == ("Rita Campos", "Rita Campos")
    gone = ana.patch(path, {"due_at": None, "contact": None, "product": None})
    assert [gone[name] for name in ("due_at", "contact", "product")] == [None] * 3
    assert gone["contact_name"] == person["name"]
    assert ana.get(path)["product"] is None
    assert [one["text"] for one in history(ana, opened)] == [
        "Vencimento: de “(sem data)” para “05/01/2031 10:00”.\nContato: de “(nenhum)” para “Rita Campos”.\n"
        "Produto: de “Forno” para “Estufa”.",
        "Vencimento: de “05/01/2031 10:00” para “(sem data)”.\nContato: de “Rita Campos” para “(nenhum)”.\n"
        "Produto: de “Estufa” para “(nenhum)”.",
    ]
    ana.patch(path, {"product": None})
    assert len(history(ana, opened)) == 2
    refused(ana.request("PATCH", path, json={"contact": "José"}), 404, "contact_not_found")
    field_refused(ana.request("PATCH", path, json={"due_at": "amanhã"}), "due_at")
    ana.post(f"{path}/close", None)
    refused(ana.request("PATCH", path, json={"product": "Outro"}), 409, "attendance_closed")


def test_save_and_notify_at_opening_copies_the_first_entry_to_the_customer(system: System, ana: Client) -> None:
    person = ana.register("Avisada", emails=[{"address": "avisada@cliente.example", "main": True}])
    path = f"/v1/persons/{person['id']}/attendances"
    opened = ana.post(path, {"subject": "Visita", "text": "Vamos na terça.", "notify_customer": True})
    (entry,) = history(ana, opened)
    assert (entry["text"], entry["notified_customer"]) == ("Vamos na terça.", True)
    log = ana.get("/v1/deliveries", params={"person_id": person["id"]})["items"]
    assert [one["recipient"] for one in log] == ["avisada@cliente.example"]
    problem = refused(
        ana.request("POST", path, json={"subject": "x", "notify_customer": True}), 422, "entry_text_missing"
    )
    assert "text" in problem["fields"]
    silent = f"/v1/persons/{ana.register('Sem e-mail')['id']}/attendances"
    body = {"subject": "x", "text": "y", "notify_customer": True}
    refused(ana.request("POST", silent, json=body), 409, "person_email_missing")
    assert ana.get(silent)["items"] == []
    viewer = users.narrowed(system, ana)
    refused(viewer.request("POST", path, json=body), 403, "permission_missing")


def test_an_attendance_is_about_a_product_of_the_catalogue_and_keeps_its_name(ana: Client, bruno: Client) -> None:
    code = people.unique_word()
    product = ana.post("/v1/products", {"code": code, "description": f"Forno {code}"})
    foreign = bruno.post("/v1/products", {"code": code, "description": "De outra empresa"})
    person = ana.register("Conceição do Catálogo")
    path = f"/v1/persons/{person['id']}/attendances"
    opened = ana.post(path, {"subject": "Não liga", "product_id": product["id"]})
    named = {"id": product["id"], "name": f"Forno {code}"}
    assert opened["product"] == ana.get(path)["items"][0]["product"] == named
    ana.patch(f"/v1/products/{product['id']}", {"description": "Forno novo"})
    assert ana.get(path)["items"][0]["product"] == named
    one = f"/v1/attendances/{opened['id']}"
    assert ana.patch(one, {"product": "Estufa"})["product"] == {"id": None, "name": "Estufa"}
    assert ana.patch(one, {"product_id": product["id"]})["product"] == {"id": product["id"], "name": "Forno novo"}
    assert ana.patch(one, {"product": None})["product"] is None
    ana.post(f"/v1/products/{product['id']}/deactivate", None)
    refused(ana.request("PATCH", one, json={"product_id": product["id"]}), 409, "product_inactive")
    for unknown in (foreign["id"], "none"):
        body = {"subject": "x", "product_id": unknown}
        refused(ana.request("POST", path, json=body), 404, "product_not_found")
    both = {"subject": "x", "product": "Forno", "product_id": product["id"]}
    field_refused(ana.request("POST", path, json=both), "product")
