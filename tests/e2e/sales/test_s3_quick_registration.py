"""Row S3: the customer is registered while creating the opportunity; sent again, neither is made twice."""

from __future__ import annotations

import uuid

from tests.support.builders import people
from tests.support.builders.sales import ids
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


def test_person_and_opportunity_are_made_by_one_call(ana: Client) -> None:
    name = f"Rápida {people.unique_word()}"
    person = {"name": name, "phones": [{"number": people.phone(), "main": True}]}
    made = ana.post("/v1/opportunities", {"subject": "Forno", "person": person})
    assert made["person"]["name"] == name
    assert people.ids_of(ana.get(f"/v1/persons/{made['person']['id']}")["categories"]) == ["prospect"]
    assert ids(ana.get(f"/v1/persons/{made['person']['id']}/opportunities")) == [made["id"]]


def test_the_same_key_makes_one_person_and_one_opportunity(ana: Client) -> None:
    word, key = people.unique_word(), {"Idempotency-Key": uuid.uuid4().hex}
    body = {"subject": "Forno", "person": {"name": word}}
    first = ana.post("/v1/opportunities", body, headers=key)
    assert ana.post("/v1/opportunities", body, headers=key) == first
    assert len(ana.get("/v1/persons", params={"q": word})["items"]) == 1
    body["subject"] = "Outro"
    refused(ana.request("POST", "/v1/opportunities", json=body, headers=key), 409, "idempotency_key_reused")


def test_a_crash_between_the_two_leaves_a_person_and_a_retry_makes_no_second_one(system: System, ana: Client) -> None:
    word, key = people.unique_word(), {"Idempotency-Key": uuid.uuid4().hex}
    body = {"subject": "Forno", "person": {"name": word}}
    system.processes["sales"].kill()
    try:
        refused(ana.request("POST", "/v1/opportunities", json=body, headers=key), 503)
        assert len(ana.get("/v1/persons", params={"q": word})["items"]) == 1
    finally:
        system.restart("sales")
        system.wait_ready("sales")
    wait_for(
        lambda: ana.request("POST", "/v1/opportunities", json=body, headers=key).ok, 60, "the same call, sent again"
    )  # fmt: skip
    found = ana.get("/v1/persons", params={"q": word})["items"]
    assert len(found) == 1
    assert len(ana.get(f"/v1/persons/{found[0]['id']}/opportunities")["items"]) == 1


def test_probable_duplicates_are_told(ana: Client) -> None:
    word = people.unique_word()
    emails = [{"address": f"{word}@x.example".lower()}]
    known = ana.register(f"Zé {word}", emails=emails)
    made = ana.post("/v1/opportunities", {"subject": "x", "person": {"name": f"José {word}", "emails": emails}})
    assert [one["person"]["id"] for one in made["warnings"]] == [known["id"]]
