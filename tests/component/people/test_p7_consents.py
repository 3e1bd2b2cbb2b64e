"""Row P7: consents by purpose and channel, given and withdrawn, with their history."""

from __future__ import annotations

from typing import Any

from tests.support.builders import people, rights
from tests.support.problems import refused
from tests.support.stack.system import Client

GIVEN = {"purpose": "marketing", "channel": "email", "given": True, "source": "formulário", "evidence": "Ficha 12"}


def decide(client: Client, person: str, **changes: Any) -> Any:
    return client.post(f"/v1/persons/{person}/consents", {**GIVEN, **changes})["items"]


def test_a_company_adds_purposes_of_its_own(ana: Client, bruno: Client) -> None:
    code, person = people.unique_word().lower(), ana.register(f"Titular {people.unique_word()}")["id"]
    body = {"code": code, "name": "Pesquisa de satisfação"}
    assert ana.post("/v1/consent-purposes", body) == body
    assert body in ana.get("/v1/consent-purposes")["items"]
    assert decide(ana, person, purpose=code)[0]["purpose"] == code
    refused(ana.request("POST", "/v1/consent-purposes", json=body), 409, "purpose_exists")
    refused(ana.request("POST", "/v1/consent-purposes", json={**body, "code": "Com Espaço"}), 422, "input_invalid")
    assert body not in bruno.get("/v1/consent-purposes")["items"]


def test_of_merged_persons_the_last_decision_is_in_force(ana: Client) -> None:
    word = people.unique_word()
    survivor, person = ana.register(f"Fica {word}")["id"], ana.register(f"Vai {word}")["id"]
    decide(ana, person)
    decide(ana, survivor)
    decide(ana, person, given=False)
    rights.merge(ana, survivor, person)
    assert [c["given"] for c in ana.get(f"/v1/persons/{survivor}/consents")["items"]] == [False]
    ana.post(f"/v1/persons/{person}/unmerge", {})
    assert [c["given"] for c in ana.get(f"/v1/persons/{survivor}/consents")["items"]] == [True]
    assert [c["given"] for c in ana.get(f"/v1/persons/{person}/consents")["items"]] == [False]


def test_refusals(ana: Client, bruno: Client) -> None:
    person = ana.register(f"Titular {people.unique_word()}")["id"]
    path = f"/v1/persons/{person}/consents"
    refused(ana.request("POST", path, json={**GIVEN, "given": False}), 409, "consent_missing")
    decide(ana, person)
    refused(ana.request("POST", path, json=GIVEN), 409, "consent_unchanged")
    refused(ana.request("POST", path, json={**GIVEN, "purpose": "desconhecida"}), 422, "purpose_unknown")
    refused(ana.request("POST", path, json={**GIVEN, "channel": "pombo"}), 422, "input_invalid")
    refused(ana.request("POST", "/v1/persons/nobody/consents", json=GIVEN), 404, "person_not_found")
    refused(bruno.request("POST", path, json=GIVEN), 404, "person_not_found")
    refused(bruno.request("GET", path), 404, "person_not_found")
