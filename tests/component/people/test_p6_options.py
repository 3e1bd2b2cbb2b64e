"""Row P6: the sections offered follow from the chosen category AND the user's access; the user picks among several."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client


@pytest.fixture(scope="module")
def person(ana: Client) -> dict[str, Any]:
    body = {"short_name": "Dupla", "document": people.cpf(), "category_ids": ["client", "supplier"]}
    return ana.register("Dupla", **body)


def view(client: Client, person: dict[str, Any], **params: Any) -> Any:
    return client.get(f"/v1/persons/{person['id']}/view", params=params)


def test_a_section_that_is_not_offered_is_withheld(ana: Client, person: dict[str, Any]) -> None:
    opened = view(ana, person)
    assert ("opportunities" in opened["withheld"], opened["opportunities"]["items"]) == (False, [])
    picked = view(ana, person, category_id="supplier")
    assert ("opportunities" in picked["withheld"], picked["opportunities"]) == (True, None)
    assert picked["attendances"]["items"] == []


def test_a_category_of_the_company_offers_the_sections_that_it_chose(ana: Client) -> None:
    own = ana.post("/v1/categories", {"name": people.unique_word(), "sections": ["contracts", "addresses"]})
    made = ana.register("Própria", category_ids=[own["id"], "prospect"])
    opened = view(ana, made)
    assert opened["category"] == {"id": own["id"], "name": own["name"]}
    assert opened["options"] == ["addresses", "contracts"]
    assert not {"addresses", "contracts"} & {*opened["withheld"]}
    assert {"attendances", "opportunities", "appointments", "watchers"} <= {*opened["withheld"]}
    assert "opportunities" in view(ana, made, category_id="prospect")["options"]


def test_the_commission_account_is_an_employees_or_a_representatives(ana: Client) -> None:
    for category, offered in (("employee", True), ("representative", True), ("client", False), ("carrier", False)):
        fields = {"short_name": "C", "document": people.cpf()} if category == "client" else {}
        made = ana.register("Comissão", category_ids=[category], **fields)
        assert ("commission_account" in view(ana, made)["options"]) is offered, category


def test_a_category_that_the_person_has_not_is_refused(ana: Client, person: dict[str, Any]) -> None:
    path = f"/v1/persons/{person['id']}/view"
    field_refused(ana.request("GET", path, params={"category_id": "carrier"}), "category_id")
    refused(ana.request("GET", path, params={"category_id": "carrier"}), 422, "category_not_held")
    refused(ana.request("GET", "/v1/persons/nobody/view"), 404, "person_not_found")
