"""Row P2: a prospect needs a name; a client a short name and a document too; no second person of one document."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.support.builders import people
from tests.support.stack import given
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

CLIENT = {"short_name": "Forno", "category_ids": ["client"], "state_registration": "isento"}
ROUNDS = 50


def test_a_client_has_a_short_name_and_a_document(ana: Client) -> None:
    document = people.cnpj()
    made = ana.register(people.unique_word(), **CLIENT, document=document)
    assert made["document"] == document
    alphanumeric = ana.register(people.unique_word(), **CLIENT, document="12.ABC.345/01DE-35")
    assert alphanumeric["document"] == "12ABC34501DE35"


def test_two_users_register_the_same_cnpj_fifty_times_and_each_time_one_is_told_the_others_code(ana: Client) -> None:
    first = ana.register("Antes")["code"]

    def register(number: int, document: str) -> tuple[int, dict[str, Any]]:
        body = {"name": f"Corrida {number}", "document": document}
        answer = ana.request("POST", "/v1/persons", json=body)
        return answer.status_code, answer.json()

    with ThreadPoolExecutor(2) as threads:
        for _ in range(ROUNDS):
            document = people.cnpj()
            both = sorted(threads.map(register, (1, 2), (document, document)), key=lambda answer: answer[0])
            assert [status for status, _ in both] == [201, 409]
            (_, made), (_, problem) = both
            assert problem["code"] == "person_exists"
            assert problem["params"]["person_code"] == made["code"]
            assert len(ana.get("/v1/persons", params={"q": document})["items"]) == 1
    if given.is_given():
        return  # of several processes, one keeps the code that it has back for its next person
    assert ana.register("Depois")["code"] == first + ROUNDS + 1, "a lost race must not lose a code"


def test_ten_at_once_with_one_document_make_one_person(ana: Client) -> None:
    document, word = people.cpf(), people.unique_word()

    def register(number: int) -> int:
        body = {"name": f"{word} {number}", "document": document}
        return ana.request("POST", "/v1/persons", json=body).status_code

    with ThreadPoolExecutor(10) as threads:
        statuses = sorted(threads.map(register, range(10)))
    assert statuses == [201] + [409] * 9
    assert len(ana.get("/v1/persons", params={"q": word})["items"]) == 1


def test_the_other_services_are_told(system: System, ana: Client) -> None:
    made = ana.register("Anunciada", phones=[{"number": people.phone()}])
    ana.request("PATCH", f"/v1/persons/{made['id']}", json={"name": "Renomeada"})
    copies = system.mongo("sales")["persons"]
    wait_for(lambda: copies.find_one({"_id": made["id"], "name": "Renomeada"}), what="the copy in sales")
