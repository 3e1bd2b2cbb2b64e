"""Row P4: addresses of several kinds, contacts with one main, phones as E.164, several e-mails with one main."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.problems import field_refused, refused
from tests.support.system import Client

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


def test_one_contact_is_the_main_one(ana: Client, person: dict[str, Any]) -> None:
    path = f"/v1/persons/{person['id']}/contacts"
    ana.post(path, {"name": "Rita", "role": "Compras", "main": True})
    refused(ana.request("POST", path, json={"name": "Davi", "main": True}), 422, "main_repeated")
    changed = ana.post(path, {"name": "Davi", "phone": "(41) 99876-5432", "email": "davi@x.example"})
    assert {contact["name"]: contact["main"] for contact in changed["contacts"]} == {"Rita": True, "Davi": False}
    assert changed["contacts"][-1]["phone"] == "+5541998765432"


def test_phones_are_answered_as_e164_and_one_email_is_main(ana: Client) -> None:
    made = ana.register(
        "Telefonada",
        phones=[{"number": "(11) 98765-4321"}, {"number": "+1 212 555 0123"}],
        emails=[{"address": "a@x.example"}, {"address": "b@x.example", "main": True}],
    )
    assert [phone["number"] for phone in made["phones"]] == ["+5511987654321", "+12125550123"]
    assert [email["address"] for email in made["emails"] if email["main"]] == ["b@x.example"]


@pytest.mark.parametrize(
    ("part", "body", "field"),
    [
        ("addresses", {**ADDRESS, "state": "Paraná"}, "state"),
        ("addresses", {**ADDRESS, "postal_code": "8"}, "postal_code"),
        ("addresses", {**ADDRESS, "kind": "castle"}, "kind"),
        ("addresses", {"city": "Curitiba", "state": "PR"}, "street"),
        ("contacts", {"role": "Compras"}, "name"),
        ("contacts", {"name": "Rita", "email": "no address"}, "email"),
        ("contacts", {"name": "Rita", "phone": "12"}, "phones"),
    ],
)
def test_a_wrong_field_is_refused_and_nothing_changes(
    ana: Client, person: dict[str, Any], part: str, body: dict[str, Any], field: str
) -> None:
    field_refused(ana.request("POST", f"/v1/persons/{person['id']}/{part}", json=body), field)
    assert ana.get(f"/v1/persons/{person['id']}") == person


def test_a_person_that_does_not_exist_gets_no_address(ana: Client) -> None:
    refused(ana.request("POST", "/v1/persons/nobody/addresses", json=ADDRESS), 404, "person_not_found")
