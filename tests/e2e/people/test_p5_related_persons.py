"""Row P5: related persons, seen from both sides; searched by code, name or short name; details; unlinked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people
from tests.support.builders.relations import relate, related
from tests.support.problems import refused
from tests.support.stack.system import Client


@pytest.fixture
def company(ana: Client) -> dict[str, Any]:
    return ana.register(f"Empresa {people.unique_word()}")


def test_a_relation_is_seen_from_both_sides(ana: Client, company: dict[str, Any]) -> None:
    rita = ana.register("Rita")
    made = relate(ana, company, rita, "employee")
    assert (made["kind"], made["person"]["id"]) == ("employee", rita["id"])
    assert related(ana, company) == [("Rita", "employee")]
    assert related(ana, rita) == [(company["name"], "employer")]


def test_the_details_are_viewed_and_unlinking_ends_it_on_both_sides(ana: Client, company: dict[str, Any]) -> None:
    rita = ana.register("Rita", phones=[{"number": people.phone()}])
    link = relate(ana, company, rita, "accountant")["id"]
    path = f"/v1/persons/{company['id']}/related/{link}"
    details = ana.get(path)
    assert (details["kind"], details["person"]["phones"]) == ("accountant", rita["phones"])
    assert ana.get(f"/v1/persons/{rita['id']}/related/{link}")["kind"] == "accounting_client"
    assert ana.request("DELETE", path).json() == {"id": link}
    assert related(ana, company) == related(ana, rita) == []
    refused(ana.request("GET", path), 404, "relation_not_found")
    refused(ana.request("DELETE", path), 404, "relation_not_found")
