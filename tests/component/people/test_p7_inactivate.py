"""Row P7: a person is inactivated, never deleted: hidden from searches that do not ask, kept, and reactivated."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people
from tests.support.builders.finding import ids
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    word = people.unique_word()
    return ana.register(word, document=people.cpf(), phones=[{"number": people.phone()}])


def test_it_is_still_opened_by_id_and_code_and_keeps_its_document(ana: Client, person: dict[str, Any]) -> None:
    ana.post(f"/v1/persons/{person['id']}/inactivate", {})
    assert ana.get(f"/v1/persons/{person['id']}")["active"] is False
    assert ana.get(f"/v1/persons/by-code/{person['code']}")["active"] is False
    assert ana.get(f"/v1/persons/{person['id']}/view")["person"]["active"] is False
    body = {"name": "Outra", "document": person["document"]}
    problem = refused(ana.request("POST", "/v1/persons", json=body), 409, "person_exists")
    assert problem["params"]["person_code"] == person["code"]


def test_a_reactivated_person_is_found_again(ana: Client, person: dict[str, Any]) -> None:
    path = f"/v1/persons/{person['id']}"
    ana.post(f"{path}/inactivate", {"reason": "engano"})
    back = ana.post(f"{path}/reactivate", {})
    assert (back["active"], back["inactive_reason"], back["inactivated_at"]) == (True, None, None)
    assert ids(ana, person["name"]) == [person["id"]]
    assert ids(ana, person["name"], state="inactive") == []


def test_twice_is_refused(ana: Client, person: dict[str, Any]) -> None:
    path = f"/v1/persons/{person['id']}"
    refused(ana.request("POST", f"{path}/reactivate"), 409, "person_active")
    ana.post(f"{path}/inactivate", {})
    refused(ana.request("POST", f"{path}/inactivate", json={}), 409, "person_inactive")
    refused(ana.request("POST", f"{path}/inactivate", json={}, headers={"If-Match": '"1"'}), 412, "version_changed")
    field_refused(ana.request("POST", f"{path}/inactivate", json={"reason": "x" * 201}), "reason")


def test_nobody_deletes_a_person(ana: Client, person: dict[str, Any]) -> None:
    refused(ana.request("DELETE", f"/v1/persons/{person['id']}"), 405, "method_not_allowed")
    refused(ana.request("POST", "/v1/persons/nobody/inactivate", json={}), 404, "person_not_found")


def test_a_duplicate_of_an_inactive_person_is_warned_of(ana: Client, person: dict[str, Any]) -> None:
    ana.post(f"/v1/persons/{person['id']}/inactivate", {})
    made = ana.register("Volta", phones=[{"number": person["phones"][0]["number"]}])
    assert [warning["person"]["code"] for warning in made["warnings"]] == [person["code"]]
    pair = ana.get("/v1/persons/duplicates", params={"person_id": made["id"]})["items"][0]
    assert {one["active"] for one in pair["persons"]} == {True, False}
