"""Row P6: the sections offered follow from the chosen category AND the user's access; the user picks among several."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people
from tests.support.stack.system import PASSWORD, Client, System

CONTACT = ["addresses", "related_persons", "attendances", "appointments", "watchers"]


@pytest.fixture(scope="module")
def person(ana: Client) -> dict[str, Any]:
    body = {"short_name": "Dupla", "document": people.cpf(), "category_ids": ["client", "supplier"]}
    return ana.register("Dupla", **body)


@pytest.fixture(scope="module")
def attendant(system: System, ana: Client) -> Client:
    """May not read sales."""
    system.run(
        "-m", "deploy.operations", "user", "create", "--login", "caio@padaria.example", "--name", "Caio",
        "--company", "padaria", "--role", "attendant",
    )  # fmt: skip
    return Client(system.url, "caio@padaria.example", PASSWORD)


def view(client: Client, person: dict[str, Any], **params: Any) -> Any:
    return client.get(f"/v1/persons/{person['id']}/view", params=params)


def test_the_first_category_is_chosen_until_the_user_picks_another(ana: Client, person: dict[str, Any]) -> None:
    opened = view(ana, person)
    assert (opened["category"]["name"], people.ids_of(opened["categories"])) == ("Cliente", ["client", "supplier"])
    assert {"opportunities", "receivables", "contracts", "orders", *CONTACT} <= set(opened["options"])
    picked = view(ana, person, category_id="supplier")
    assert picked["category"] == {"id": "supplier", "name": "Fornecedor"}
    assert sorted(picked["options"]) == sorted([*CONTACT, "contracts"])


def test_the_users_access_narrows_what_the_category_offers(attendant: Client, person: dict[str, Any]) -> None:
    opened = view(attendant, person)
    assert opened["options"] == [
        "addresses",
        "related_persons",
        "attendances",
        "production",
        "appointments",
        "watchers",
    ]
    assert {"opportunities", "orders", "contracts"} <= {*opened["withheld"]}
    assert (opened["opportunities"], opened["unavailable"]) == (None, [])
