"""Row P2: a prospect needs a name; a client a short name and a document too; no second person of one document."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support import people
from tests.support.problems import field_refused, refused
from tests.support.system import Client

CLIENT = {"short_name": "Forno", "categories": ["client"]}


def test_a_prospect_needs_a_name_only_and_gets_the_next_code(ana: Client) -> None:
    first, second = ana.register("  Maria  "), ana.register("José")
    assert first["name"] == "Maria"
    assert first["categories"] == ["prospect"]
    assert second["code"] == first["code"] + 1


def test_a_client_has_a_short_name_and_a_document(ana: Client) -> None:
    document = people.cnpj()
    made = ana.register(people.unique_word(), **CLIENT, document=document)
    assert made["document"] == document
    alphanumeric = ana.register(people.unique_word(), **CLIENT, document="12.ABC.345/01DE-35")
    assert alphanumeric["document"] == "12ABC34501DE35"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"name": "Ana", "nickname": "A"}, "nickname"),
        ({"name": "Ana", "document": "111.111.111-11"}, "document"),
        ({"name": "Ana", "document": "12.345.678/0001-00"}, "document"),
        ({"name": "Ana", "categories": ["king"]}, "categories"),
        ({"name": "Ana", "emails": [{"address": "no address"}]}, "emails"),
        ({"name": "Ana", "phones": [{"number": "12"}]}, "phones"),
        ({"name": "Ana", "import_key": "x"}, "import_key"),
        ({"name": "Ana", "company": "theirs"}, "company"),
        ({"name": "Ana", "categories": ["client"], "short_name": "A"}, "document"),
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


def test_ten_at_once_with_one_document_make_one_person(ana: Client) -> None:
    document, word = people.cpf(), people.unique_word()

    def register(number: int) -> int:
        body = {"name": f"{word} {number}", "document": document}
        return ana.request("POST", "/v1/persons", json=body).status_code

    with ThreadPoolExecutor(10) as threads:
        statuses = sorted(threads.map(register, range(10)))
    assert statuses == [201] + [409] * 9
    assert len(ana.get("/v1/persons", params={"q": word})["items"]) == 1


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
