"""Row P4: addresses of several kinds, contacts, e-mails and phones, one main each; added, changed, removed singly."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client

ADDRESS = {"street": "Rua das Flores", "number": "10", "city": "Curitiba", "state": "PR", "postal_code": "80000-000"}


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return ana.register("Endereçada")


def test_addresses_of_two_kinds_are_kept(ana: Client, person: dict[str, Any]) -> None:
    ana.post(f"/v1/persons/{person['id']}/addresses", ADDRESS)
    changed = ana.post(f"/v1/persons/{person['id']}/addresses", {**ADDRESS, "kind": "delivery", "number": "20"})
    assert [address["kind"] for address in changed["addresses"]] == ["main", "delivery"]
    assert ana.get(f"/v1/persons/{person['id']}")["addresses"] == changed["addresses"]
    assert changed["version"] == person["version"] + 2


def test_two_who_saw_the_same_version_do_not_both_change_it(ana: Client, person: dict[str, Any]) -> None:
    path, seen = f"/v1/persons/{person['id']}/addresses", {"If-Match": '"1"'}
    assert ana.request("POST", path, json=ADDRESS, headers=seen).status_code == 201
    refused(ana.request("POST", path, json={**ADDRESS, "kind": "other"}, headers=seen), 412, "version_changed")


def test_a_client_abroad_needs_no_document_and_a_brazilian_address_its_state(ana: Client) -> None:
    abroad = {"street": "Rua Augusta", "city": "Lisboa", "country": "PT"}
    made = ana.register("Azulejos Lda", short_name="Lda", category_ids=["client"], addresses=[abroad])
    assert (made["document"], made["addresses"][0]["country"]) == (None, "PT")
    path = f"/v1/persons/{made['id']}/addresses"
    field_refused(ana.request("POST", path, json={**abroad, "country": "BR"}), "state")
    field_refused(ana.request("POST", path, json={**abroad, "country": "XX"}), "country")
