"""Row S3: the customer is registered while creating the opportunity; sent again, neither is made twice."""

from __future__ import annotations

from tests.support.builders import people
from tests.support.builders.sales import newcomer
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


def test_a_registered_person_may_be_named_instead(ana: Client) -> None:
    person = ana.register("Já registrada")
    made = ana.post("/v1/opportunities", {"subject": "Forno", "person_id": person["id"]})
    assert made["person"]["id"] == person["id"]


def test_a_refused_registration_makes_nothing(ana: Client) -> None:
    document = people.cpf()
    ana.register("Dona do documento", document=document)
    body = {"subject": "Forno", "person": {"name": "Outra", "document": document}}
    refused(ana.request("POST", "/v1/opportunities", json=body), 409, "person_exists")
    body = {"subject": "Forno", "person": {"name": "X", "document": "111"}}
    field_refused(ana.request("POST", "/v1/opportunities", json=body), "document")


def test_one_person_is_named_or_registered_not_both_and_not_none(ana: Client) -> None:
    for body in ({}, {"person_id": "p", "person": {"name": "X"}}):
        answer = ana.request("POST", "/v1/opportunities", json={"subject": "Forno", **body})
        refused(answer, 422, "person_missing")
    answer = ana.request("POST", "/v1/opportunities", json={"subject": "x", "person_id": "nobody"})
    refused(answer, 404, "person_not_found")


def test_who_may_not_sell_registers_nobody_this_way(system: System) -> None:
    attendant = newcomer(system, "attendant", "padaria")
    body = {"subject": "Forno", "person": {"name": "Ninguém"}}
    refused(attendant.request("POST", "/v1/opportunities", json=body), 403, "permission_missing")
