"""Row P3: the built-in categories and a company's own; characteristics with the message shown when opening a person."""

from __future__ import annotations

from tests.support.builders.categories import own, patch
from tests.support.problems import field_refused
from tests.support.stack.system import Client


def test_a_company_adds_renames_and_puts_a_category_out_of_use(ana: Client) -> None:
    made = own(ana, "categories", sections=["addresses", "contracts"])
    person = ana.register("Parceira", category_ids=[made["id"]])
    assert person["categories"] == [{"id": made["id"], "name": made["name"]}]
    path = f"/v1/categories/{made['id']}"
    renamed = patch(ana, path, name=f"Parceiro {made['name']}")
    assert (renamed["version"], renamed["sections"], renamed["active"]) == (2, ["addresses", "contracts"], True)
    assert patch(ana, path, active=False)["active"] is False
    field_refused(
        ana.request("POST", "/v1/persons", json={"name": "Outra", "category_ids": [made["id"]]}), "category_ids"
    )  # fmt: skip
    # who has it keeps it, and may be changed otherwise
    assert patch(ana, f"/v1/persons/{person['id']}", name="Ainda parceira")["categories"] == [
        {"id": made["id"], "name": renamed["name"]}
    ]


def test_a_characteristic_shows_its_message_when_the_person_is_opened(ana: Client) -> None:
    gold = own(ana, "characteristics", message="Cliente ouro: atender primeiro.")
    plain = own(ana, "characteristics")
    person = ana.register("Dourada", characteristic_ids=[gold["id"]])
    patch(ana, f"/v1/persons/{person['id']}", characteristic_ids=[gold["id"], plain["id"]])
    opened = ana.get(f"/v1/persons/{person['id']}/view")
    assert [(c["name"], c["message"]) for c in opened["characteristics"]] == [
        (gold["name"], "Cliente ouro: atender primeiro."), (plain["name"], ""),
    ]  # fmt: skip
    patch(ana, f"/v1/persons/{person['id']}", characteristic_ids=[])
    assert ana.get(f"/v1/persons/{person['id']}/view")["characteristics"] == []
