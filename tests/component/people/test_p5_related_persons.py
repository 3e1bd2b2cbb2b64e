"""Row P5: related persons, seen from both sides; searched by code, name or short name; details; unlinked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people
from tests.support.builders.relations import relate, related
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client


@pytest.fixture
def company(ana: Client) -> dict[str, Any]:
    return ana.register(f"Empresa {people.unique_word()}")


def test_related_persons_are_searched_by_code_name_and_short_name(ana: Client, company: dict[str, Any]) -> None:
    word = people.unique_word()
    rita = ana.register(f"Rita {word}", short_name="Ritinha")
    davi = ana.register(f"Davi {word}", category_ids=["supplier"])
    ana.register(f"Rita {word} alheia")
    relate(ana, company, rita, "representative")
    relate(ana, company, davi, "customer")
    for q in ("rita", "RITINHA", f"rit {word}", str(rita["code"]), f"#{rita['code']}"):
        assert related(ana, company, q=q) == [(rita["name"], "representative")], q
    assert related(ana, company) == [(davi["name"], "customer"), (rita["name"], "representative")]
    assert related(ana, company, category_id="supplier") == [(davi["name"], "customer")]
    assert related(ana, company, q="alheia") == []
    assert related(ana, company, q=str(company["code"])) == []


def test_a_renamed_person_is_found_by_the_new_name(ana: Client, company: dict[str, Any]) -> None:
    rita = ana.register("Rita")
    relate(ana, company, rita, "partner")
    ana.request("PATCH", f"/v1/persons/{rita['id']}", json={"name": "Margarida"})
    assert related(ana, company, q="marg") == [("Margarida", "partner")]


def test_pages_hold_every_related_person_once(ana: Client, company: dict[str, Any]) -> None:
    made = [ana.register(f"Filial {n}") for n in range(5)]
    for one in made:
        relate(ana, company, one, "branch")
    seen = [item["person"]["id"] for item in ana.every(f"/v1/persons/{company['id']}/related", limit=2)]
    assert seen == [one["id"] for one in made[::-1]]


def test_two_persons_may_have_two_relations(ana: Client, company: dict[str, Any]) -> None:
    rita = ana.register("Rita")
    relate(ana, company, rita, "employee")
    relate(ana, company, rita, "partner")
    assert related(ana, company) == [("Rita", "employee"), ("Rita", "partner")]
    answer = ana.request(
        "POST", f"/v1/persons/{rita['id']}/related", json={"related_id": company["id"], "kind": "employer"}
    )
    refused(answer, 409, "relation_exists")


def test_an_inactive_related_person_is_shown_when_asked_for(ana: Client, company: dict[str, Any]) -> None:
    rita = ana.register("Rita")
    relate(ana, company, rita, "employee")
    ana.post(f"/v1/persons/{rita['id']}/inactivate", {})
    assert related(ana, company) == []
    assert related(ana, company, state="inactive") == [("Rita", "employee")]


def test_what_is_no_relation_is_refused(ana: Client, bruno: Client, company: dict[str, Any]) -> None:
    path = f"/v1/persons/{company['id']}/related"
    theirs = bruno.register("Deles")
    itself = {"related_id": company["id"], "kind": "partner"}
    refused(ana.request("POST", path, json=itself), 409, "related_to_itself")
    refused(
        ana.request("POST", path, json={"related_id": theirs["id"], "kind": "partner"}), 404, "person_not_found"
    )  # fmt: skip
    field_refused(ana.request("POST", path, json={**itself, "kind": "friend"}), "kind")
    field_refused(ana.request("POST", path, json={"kind": "partner"}), "related_id")
    refused(ana.request("GET", "/v1/persons/nobody/related"), 404, "person_not_found")
