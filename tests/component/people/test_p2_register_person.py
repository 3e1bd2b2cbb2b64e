"""Row P2: a prospect needs a name; a client a short name and a document too; no second person of one document."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.support.builders import people
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client

CLIENT = {"short_name": "Forno", "category_ids": ["client"], "state_registration": "isento"}


def test_a_prospect_needs_a_name_only_and_gets_the_next_code(ana: Client) -> None:
    first, second = ana.register("  Maria  "), ana.register("José")
    assert first["name"] == "Maria"
    assert first["categories"] == [{"id": "prospect", "name": "Cliente em potencial"}]
    assert second["code"] == first["code"] + 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"name": "Ana", "nickname": "A"}, "nickname"),
        ({"name": "Ana", "document": "111.111.111-11"}, "document"),
        ({"name": "Ana", "document": "12.345.678/0001-00"}, "document"),
        ({"name": "Ana", "category_ids": ["king"]}, "category_ids"),
        ({"name": "Ana", "emails": [{"address": "no address"}]}, "emails"),
        ({"name": "Ana", "phones": [{"number": "12"}]}, "phones"),
        ({"name": "Ana", "import_key": "x"}, "import_key"),
        ({"name": "Ana", "company": "theirs"}, "company"),
        ({"name": "Ana", "category_ids": ["client"], "short_name": "A"}, "document"),
        ({"name": "Ana", "category_ids": ["client"], "document": "529.982.247-25"}, "short_name"),
        (
            {"name": "Ana", "category_ids": ["client"], "short_name": "A", "document": "11222333000181"},
            "state_registration",
        ),
        ({"name": "Ana", "state_registration": "123", "state_registration_state": "PR"}, "state_registration"),
        ({"name": "Ana", "state_registration": "1234567850"}, "state_registration_state"),
        ({"name": "Ana", "phones": [{"number": "(20) 98765-4321"}]}, "phones"),
        ({"name": "Ana", "characteristic_ids": ["gold"]}, "characteristic_ids"),
    ],
)
def test_a_wrong_field_is_refused_by_name(ana: Client, body: dict[str, Any], field: str) -> None:
    field_refused(ana.request("POST", "/v1/persons", json=body), field)


def test_a_document_that_somebody_has_is_refused_and_leaves_no_gap(ana: Client) -> None:
    document = people.cpf()
    holder = ana.register(people.unique_word(), document=document)
    problem = refused(ana.request("POST", "/v1/persons", json={"name": "Other", "document": document}), 409)
    assert problem["code"] == "person_exists"
    assert problem["params"]["person_code"] == holder["code"]
    assert ana.register("Next")["code"] == holder["code"] + 1


def test_the_same_idempotency_key_registers_once(ana: Client) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first = ana.post("/v1/persons", {"name": "Once"}, headers=key)
    assert ana.post("/v1/persons", {"name": "Once"}, headers=key) == first
    refused(
        ana.request("POST", "/v1/persons", json={"name": "Twice"}, headers=key), 409, "idempotency_key_reused"
    )  # fmt: skip


def test_the_same_document_in_another_company_is_another_person(ana: Client, bruno: Client) -> None:
    document = people.cpf()
    assert ana.register("Ours", document=document)["id"] != bruno.register("Theirs", document=document)["id"]


def test_a_shared_email_phone_or_name_is_warned_of_and_listed(ana: Client) -> None:
    word, phone = people.unique_word(), people.phone()
    address = f"{word.lower()}@x.example"
    known = ana.register(f"{word} de Souza", phones=[{"number": phone}], emails=[{"address": address}])
    assert known["warnings"] == []
    made = ana.register(f"{word.upper()} SOUZA", phones=[{"number": f"+55{phone}"}])
    assert made["warnings"] == [
        {
            "person": {name: known[name] for name in ("id", "code", "name")},
            "score": 85,
            "reasons": ["phone", "name"],
        }
    ]
    listed = ana.get("/v1/persons/duplicates", params={"person_id": known["id"]})["items"]
    assert [(pair["score"], pair["reasons"]) for pair in listed] == [(85, ["phone", "name"])]
    assert {person["code"] for person in listed[0]["persons"]} == {known["code"], made["code"]}
    everybody = ana.get("/v1/persons/duplicates", params={"limit": 100})["items"]
    assert listed[0] in everybody
    assert [pair["score"] for pair in everybody] == sorted((pair["score"] for pair in everybody), reverse=True)


def test_a_change_makes_and_ends_a_duplicate(ana: Client) -> None:
    word = people.unique_word()
    known = ana.register(word, emails=[{"address": f"{word.lower()}@y.example"}])
    made = ana.register(f"Outra {word}")
    path = f"/v1/persons/{made['id']}"
    changed = ana.post(f"{path}/emails", {"address": f"{word.upper()}@Y.example"})
    pairs = ana.get("/v1/persons/duplicates", params={"person_id": made["id"]})["items"]
    assert [(pair["score"], pair["reasons"]) for pair in pairs] == [(80, ["email"])]
    assert known["code"] in {person["code"] for person in pairs[0]["persons"]}
    ana.request("DELETE", f"{path}/emails/{changed['emails'][0]['id']}")
    assert ana.get("/v1/persons/duplicates", params={"person_id": made["id"]})["items"] == []


def test_what_is_not_given_stays_and_the_answer_bears_its_version(ana: Client) -> None:
    made = ana.register("Antiga", short_name="Velha", document=people.cpf())
    path = f"/v1/persons/{made['id']}"
    answer = ana.request("PATCH", path, json={"name": "Nova", "trade_name": "Loja"}, headers={"If-Match": '"1"'})
    changed = answer.json()
    assert (changed["name"], changed["trade_name"], changed["short_name"]) == ("Nova", "Loja", "Velha")
    assert (changed["document"], changed["version"]) == (made["document"], 2)
    assert answer.headers["ETag"] == '"2"'
    assert ana.request("GET", path).headers["ETag"].startswith('"2-')
    assert ana.get("/v1/persons", params={"q": f"#{made['code']}"})["items"][0]["name"] == "Nova"


def test_a_change_of_an_older_version_is_refused(ana: Client) -> None:
    made = ana.register("Disputada")
    path = f"/v1/persons/{made['id']}"
    ana.request("PATCH", path, json={"name": "Primeira"}, headers={"If-Match": '"1"'})
    late = ana.request("PATCH", path, json={"name": "Segunda"}, headers={"If-Match": '"1"'})
    assert refused(late, 412, "version_changed")["params"]["version"] == 2
    field_refused(ana.request("PATCH", path, json={"name": "x"}, headers={"If-Match": "two"}), "If-Match")
    assert ana.get(path)["name"] == "Primeira"


def test_a_change_keeps_the_rules_of_a_registration(ana: Client) -> None:
    document = people.cpf()
    holder = ana.register("Dona", document=document)
    made = ana.register("Outra")
    path = f"/v1/persons/{made['id']}"
    problem = refused(ana.request("PATCH", path, json={"document": document}), 409, "person_exists")
    assert problem["params"]["person_code"] == holder["code"]
    field_refused(ana.request("PATCH", path, json={"category_ids": ["client"]}), "short_name")
    field_refused(ana.request("PATCH", path, json={"category_ids": []}), "category_ids")
    field_refused(ana.request("PATCH", path, json={"name": ""}), "name")
    field_refused(ana.request("PATCH", path, json={"code": 1}), "code")
    refused(ana.request("PATCH", "/v1/persons/nobody", json={"name": "x"}), 404, "person_not_found")
    assert ana.get(path)["version"] == 1


def test_adding_a_category_keeps_the_code(ana: Client) -> None:
    made = ana.register("Promovida")
    client = {"category_ids": ["prospect", "client"], "short_name": "P", "document": people.cpf()}
    changed = ana.request("PATCH", f"/v1/persons/{made['id']}", json=client).json()
    assert (changed["code"], people.ids_of(changed["categories"])) == (made["code"], ["prospect", "client"])
    assert changed["state_registration"] == "isento"


def test_a_state_registration_takes_the_state_of_the_address(ana: Client) -> None:
    address = {"street": "Rua XV", "city": "Curitiba", "state": "PR"}
    body = {**CLIENT, "document": people.cnpj(), "state_registration": "123.45678-50", "addresses": [address]}
    made = ana.register("Registrada", **body)
    assert (made["state_registration"], made["state_registration_state"]) == ("1234567850", "PR")
