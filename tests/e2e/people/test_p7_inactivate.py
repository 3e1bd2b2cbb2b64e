"""Row P7: a person is inactivated, never deleted: hidden from searches that do not ask, kept, and reactivated."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.support.builders import people
from tests.support.problems import field_refused, refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    word = people.unique_word()
    return ana.register(word, document=people.cpf(), phones=[{"number": people.phone()}])


def ids(ana: Client, q: str, **params: Any) -> list[str]:
    return [found["id"] for found in ana.get("/v1/persons", params={"q": q, **params})["items"]]


def test_an_inactive_person_is_hidden_from_searches_unless_asked_for(ana: Client, person: dict[str, Any]) -> None:
    forms = (person["name"], person["document"], f"#{person['code']}", person["phones"][0]["number"])
    assert all(person["id"] in ids(ana, q) for q in forms)
    gone = ana.post(f"/v1/persons/{person['id']}/inactivate", {"reason": "Encerrou as atividades"})
    assert (gone["active"], gone["inactive_reason"], gone["version"]) == (False, "Encerrou as atividades", 2)
    assert gone["inactivated_at"]
    for q in forms:
        assert person["id"] not in ids(ana, q), q
        assert person["id"] in ids(ana, q, status="inactive"), q
    assert person["id"] not in ids(ana, "", limit=100)
    assert person["id"] in ids(ana, "", status="inactive", limit=100)


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
    assert ids(ana, person["name"], status="inactive") == []


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
    assert [warning["person_code"] for warning in made["warnings"]] == [person["code"]]
    pair = ana.get("/v1/persons/duplicates", params={"person_id": made["id"]})["items"][0]
    assert {one["active"] for one in pair["persons"]} == {True, False}


def test_the_event_says_so(system: System, ana: Client, person: dict[str, Any]) -> None:
    """The copies of others follow the version."""
    ana.post(f"/v1/persons/{person['id']}/inactivate", {})
    for name in ("attendance", "sales", "scheduling", "notifications"):
        copies = system.mongo(name)["persons"]
        wait_for(partial(copies.find_one, {"_id": person["id"], "sequence": 2}), 30, f"the copy in {name}")
