"""Row P3: the built-in categories and a company's own; characteristics with the message shown when opening a person."""

from __future__ import annotations

import pytest

from tests.support.builders import people
from tests.support.builders.categories import own, patch
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client


def test_the_nine_built_in_categories_come_first(ana: Client) -> None:
    made = own(ana, "categories")
    listed = ana.get("/v1/categories")["items"]
    assert [category["id"] for category in listed[:9]] == [
        "prospect", "client", "supplier", "carrier", "representative", "third_party", "employee", "dependent",
        "suspect",
    ]  # fmt: skip
    assert all(category["built_in"] and category["name"] and category["sections"] for category in listed[:9])
    assert made in listed[9:]


@pytest.mark.parametrize("catalogue", ["categories", "characteristics"])
def test_one_in_use_is_not_deleted_and_one_that_is_free_is(ana: Client, catalogue: str) -> None:
    noun = {"categories": "category", "characteristics": "characteristic"}[catalogue]
    made = own(ana, catalogue)
    path = f"/v1/{catalogue}/{made['id']}"
    fields = {"category_ids": ["prospect"], "characteristic_ids": [], f"{noun}_ids": [made["id"]]}
    person = ana.register("Usuária", **fields)
    refused(ana.request("DELETE", path), 409, f"{noun}_in_use")
    ana.post(f"/v1/persons/{person['id']}/inactivate", {})
    refused(ana.request("DELETE", path), 409, f"{noun}_in_use")
    patch(ana, f"/v1/persons/{person['id']}", category_ids=["prospect"], characteristic_ids=[])
    assert ana.request("DELETE", path).json() == {"id": made["id"]}
    refused(ana.request("DELETE", path), 404, f"{noun}_not_found")


def test_a_built_in_category_is_nobodys_to_change(ana: Client) -> None:
    refused(ana.request("PATCH", "/v1/categories/client", json={"name": "Freguês"}), 409, "category_built_in")
    refused(ana.request("DELETE", "/v1/categories/client"), 409, "category_built_in")


@pytest.mark.parametrize("catalogue", ["categories", "characteristics"])
def test_two_of_one_name_are_refused_whatever_the_accents(ana: Client, catalogue: str) -> None:
    noun = {"categories": "category", "characteristics": "characteristic"}[catalogue]
    word = people.unique_word()
    ana.post(f"/v1/{catalogue}", {"name": f"Ção {word}"})
    answer = ana.request("POST", f"/v1/{catalogue}", json={"name": f"  CAO   {word.upper()} "})
    refused(answer, 409, f"{noun}_exists")
    other = own(ana, catalogue)
    answer = ana.request("PATCH", f"/v1/{catalogue}/{other['id']}", json={"name": f"cao {word}"})
    refused(answer, 409, f"{noun}_exists")


def test_a_name_of_a_built_in_category_is_taken(ana: Client) -> None:
    refused(ana.request("POST", "/v1/categories", json={"name": "cliente"}), 409, "category_exists")


def test_a_wrong_field_is_refused_by_name(ana: Client) -> None:
    field_refused(ana.request("POST", "/v1/categories", json={"name": ""}), "name")
    field_refused(ana.request("POST", "/v1/categories", json={"name": "--"}), "name")
    field_refused(ana.request("POST", "/v1/categories", json={"name": "X", "sections": ["moon"]}), "sections")
    field_refused(ana.request("POST", "/v1/characteristics", json={"name": "X", "message": "x" * 501}), "message")
    refused(ana.request("PATCH", "/v1/characteristics/nothing", json={"name": "X"}), 404, "characteristic_not_found")


def test_an_older_version_is_refused(ana: Client) -> None:
    made = own(ana, "characteristics")
    path = f"/v1/characteristics/{made['id']}"
    patch(ana, path, message="um")
    late = ana.request("PATCH", path, json={"message": "dois"}, headers={"If-Match": '"1"'})
    refused(late, 412, "version_changed")


def test_another_companys_category_is_unknown(ana: Client, bruno: Client) -> None:
    theirs = own(bruno, "categories")
    body = {"name": "Espiã", "category_ids": [theirs["id"]]}
    field_refused(ana.request("POST", "/v1/persons", json=body), "category_ids")
    assert theirs["id"] not in {category["id"] for category in ana.get("/v1/categories")["items"]}
