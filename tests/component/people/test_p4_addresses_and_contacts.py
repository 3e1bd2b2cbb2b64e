"""Row P4: addresses of several kinds, contacts, e-mails and phones, one main each; added, changed, removed singly."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client

ADDRESS = {"street": "Rua das Flores", "number": "10", "city": "Curitiba", "state": "PR", "postal_code": "80000-000"}


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return ana.register("Endereçada")


def patch(ana: Client, path: str, **fields: Any) -> Any:
    answer = ana.request("PATCH", path, json=fields)
    assert answer.ok, answer.text
    return answer.json()


def delete(ana: Client, path: str) -> Any:
    answer = ana.request("DELETE", path)
    assert answer.ok, answer.text
    return answer.json()


def test_an_address_has_its_citys_ibge_code_and_its_postal_code_one_writing(
    ana: Client, person: dict[str, Any]
) -> None:  # fmt: skip
    path = f"/v1/persons/{person['id']}/addresses"
    first = ana.post(path, {**ADDRESS, "city": "são josé dos PINHAIS", "postal_code": "83000123"})["addresses"][0]
    assert (first["city_code"], first["postal_code"]) == ("4125506", "83000-123")
    moved = patch(ana, f"{path}/{first['id']}", city_code="3550308", state="SP")["addresses"][0]
    assert (moved["city_code"], moved["state"]) == ("3550308", "SP")
    unknown = patch(ana, f"{path}/{first['id']}", city="Povoado Sem Código")["addresses"][0]
    assert unknown["city_code"] is None
    field_refused(ana.request("PATCH", f"{path}/{first['id']}", json={"city_code": "4106902"}), "city_code")


def test_cities_are_listed_by_state_and_beginning(ana: Client) -> None:
    found = ana.get("/v1/cities", params={"state": "SP", "q": "sao jose camp"})["items"]
    assert found == [{"code": "3549904", "name": "São José dos Campos", "state": "SP"}]
    assert ana.get("/v1/cities", params={"state": "XX"})["items"] == []
    field_refused(ana.request("GET", "/v1/cities"), "state")


def test_the_main_address_is_changed_by_making_another_the_main_one(ana: Client, person: dict[str, Any]) -> None:
    path = f"/v1/persons/{person['id']}/addresses"
    ana.post(path, ADDRESS)
    refused(ana.request("POST", path, json=ADDRESS), 422, "main_repeated")
    second = ana.post(path, {**ADDRESS, "kind": "billing"})["addresses"][1]
    changed = patch(ana, f"{path}/{second['id']}", kind="main")
    assert [(a["kind"], a["main"]) for a in changed["addresses"]] == [("other", False), ("main", True)]
    refused(ana.request("PATCH", f"{path}/{second['id']}", json={"kind": "billing"}), 422, "main_missing")
    left = delete(ana, f"{path}/{second['id']}")["addresses"]
    assert [(a["kind"], a["main"]) for a in left] == [("main", True)]


def test_one_contact_is_the_main_one(ana: Client, person: dict[str, Any]) -> None:
    path = f"/v1/persons/{person['id']}/contacts"
    ana.post(path, {"name": "Rita", "role": "Compras", "main": True})
    refused(ana.request("POST", path, json={"name": "Davi", "main": True}), 422, "main_repeated")
    changed = ana.post(path, {"name": "Davi", "phone": "(41) 99876-5432", "email": "davi@x.example"})
    assert {contact["name"]: contact["main"] for contact in changed["contacts"]} == {"Rita": True, "Davi": False}
    assert changed["contacts"][-1]["phone"] == "+5541998765432"
    davi = changed["contacts"][-1]["id"]
    changed = patch(ana, f"{path}/{davi}", main=True, kind="financial")
    assert [(c["name"], c["main"], c["kind"]) for c in changed["contacts"]] == [
        ("Rita", False, "other"), ("Davi", True, "financial"),
    ]  # fmt: skip


def test_an_address_has_contacts_and_a_main_one_of_its_own(ana: Client, person: dict[str, Any]) -> None:
    path = f"/v1/persons/{person['id']}"
    address = ana.post(f"{path}/addresses", ADDRESS)["addresses"][0]["id"]
    ana.post(f"{path}/contacts", {"name": "Da pessoa"})
    changed = ana.post(f"{path}/contacts", {"name": "Da loja", "address_id": address, "kind": "commercial"})
    assert [(c["name"], c["address_id"], c["main"]) for c in changed["contacts"]] == [
        ("Da pessoa", None, True), ("Da loja", address, True),
    ]  # fmt: skip
    refused(ana.request("DELETE", f"{path}/addresses/{address}"), 409, "address_has_contacts")
    field_refused(ana.request("POST", f"{path}/contacts", json={"name": "X", "address_id": "99"}), "address_id")
    delete(ana, f"{path}/contacts/{changed['contacts'][1]['id']}")
    assert delete(ana, f"{path}/addresses/{address}")["addresses"] == []


def test_phones_are_answered_as_e164_and_one_email_is_main(ana: Client) -> None:
    made = ana.register(
        "Telefonada",
        phones=[{"number": "(11) 98765-4321"}, {"number": "+1 212 555 0123"}],
        emails=[{"address": "a@x.example"}, {"address": "b@x.example", "main": True}],
    )
    assert [phone["number"] for phone in made["phones"]] == ["+5511987654321", "+12125550123"]
    assert [email["address"] for email in made["emails"] if email["main"]] == ["b@x.example"]


def test_an_extension_stands_beside_its_number(ana: Client) -> None:
    made = ana.register("Recepção", phones=[{"number": "(11) 3456-7890 ramal 12"}, {"number": "0055 11 98765-4321"}])
    said = [(phone["number"], phone["extension"]) for phone in made["phones"]]
    assert said == [("+551134567890", "12"), ("+5511987654321", "")]
    changed = ana.post(f"/v1/persons/{made['id']}/contacts", {"name": "Davi", "phone": "1134567890 r. 7"})
    assert (changed["contacts"][0]["phone"], changed["contacts"][0]["phone_extension"]) == ("+551134567890", "7")
    found = ana.get("/v1/persons", params={"q": "(11) 3456-7890 ramal 12", "limit": 100})["items"]
    assert made["id"] in {person["id"] for person in found}
    letter = {"number": "(11) 98765-43O1"}
    refused(ana.request("POST", f"/v1/persons/{made['id']}/phones", json=letter), 422, "phone_invalid")


@pytest.mark.parametrize(
    ("part", "key", "first", "second", "third"),
    [
        ("emails", "address", "um@x.example", "dois@x.example", "tres@x.example"),
        ("phones", "number", "+5511987654321", "+551134567890", "+12125550123"),
    ],
)
def test_emails_and_phones_are_added_changed_and_removed_singly(
    ana: Client, person: dict[str, Any], part: str, key: str, first: str, second: str, third: str
) -> None:
    path, noun = f"/v1/persons/{person['id']}/{part}", part.removesuffix("s")
    ana.post(path, {key: first})
    items = ana.post(path, {key: second})[part]
    assert [(item[key], item["main"]) for item in items] == [(first, True), (second, False)]
    refused(ana.request("POST", path, json={key: first}), 409, f"{noun}_exists")
    refused(ana.request("PATCH", f"{path}/{items[1]['id']}", json={key: first}), 409, f"{noun}_exists")
    refused(ana.request("PATCH", f"{path}/{items[0]['id']}", json={"main": False}), 422, "main_missing")
    items = patch(ana, f"{path}/{items[1]['id']}", main=True, **{key: third})[part]
    assert [(item[key], item["main"]) for item in items] == [(first, False), (third, True)]
    assert [found["id"] for found in ana.get("/v1/persons", params={"q": third})["items"]].count(person["id"]) == 1
    assert person["id"] not in [found["id"] for found in ana.get("/v1/persons", params={"q": second})["items"]]
    items = delete(ana, f"{path}/{items[1]['id']}")[part]
    assert [(item[key], item["main"]) for item in items] == [(first, True)]
    refused(ana.request("DELETE", f"{path}/99"), 404, f"{noun}_not_found")


def test_there_is_room_for_twenty_phones(ana: Client) -> None:
    made = ana.register("Central", phones=[{"number": f"11345678{n:02d}"} for n in range(20)])
    refused(ana.request("POST", f"/v1/persons/{made['id']}/phones", json={"number": "1134567899"}), 409, "phones_full")


@pytest.mark.parametrize(
    ("part", "body", "field"),
    [
        ("addresses", {**ADDRESS, "state": "Paraná"}, "state"),
        ("addresses", {**ADDRESS, "state": "XX"}, "state"),
        ("addresses", {**ADDRESS, "postal_code": "8"}, "postal_code"),
        ("addresses", {**ADDRESS, "city_code": "3550308"}, "city_code"),
        ("addresses", {**ADDRESS, "kind": "castle"}, "kind"),
        ("addresses", {**ADDRESS, "id": "1"}, "id"),
        ("addresses", {"city": "Curitiba", "state": "PR"}, "street"),
        ("contacts", {"role": "Compras"}, "name"),
        ("contacts", {"name": "Rita", "email": "no address"}, "email"),
        ("contacts", {"name": "Rita", "phone": "12"}, "phones"),
        ("contacts", {"name": "Rita", "kind": "king"}, "kind"),
        ("emails", {"address": "no address"}, "address"),
        ("phones", {"number": "(11) 1234-5678"}, "phones"),
    ],
)
def test_a_wrong_field_is_refused_and_nothing_changes(
    ana: Client, person: dict[str, Any], part: str, body: dict[str, Any], field: str
) -> None:
    field_refused(ana.request("POST", f"/v1/persons/{person['id']}/{part}", json=body), field)
    assert ana.get(f"/v1/persons/{person['id']}") == {k: v for k, v in person.items() if k != "warnings"}


def test_a_person_that_does_not_exist_gets_no_address(ana: Client) -> None:
    refused(ana.request("POST", "/v1/persons/nobody/addresses", json=ADDRESS), 404, "person_not_found")


ABROAD = {"street": "Rua Augusta", "number": "25", "city": "Lisboa", "postal_code": "1100-053", "country": "PT"}


def test_an_address_abroad_is_as_it_is_written_there(ana: Client, person: dict[str, Any]) -> None:
    path = f"/v1/persons/{person['id']}/addresses"
    made = ana.post(path, ABROAD)["addresses"][0]
    assert [made[name] for name in ("country", "state", "postal_code", "city_code")] == ["PT", "", "1100-053", None]
    there = patch(ana, f"{path}/{made['id']}", country="US", state="California", city="Los Angeles")["addresses"][0]
    assert (there["country"], there["state"]) == ("US", "California")
    home = patch(ana, f"{path}/{made['id']}", country="BR", state="PR", city="Curitiba", postal_code="80000000")
    assert (home["addresses"][0]["city_code"], home["addresses"][0]["postal_code"]) == ("4106902", "80000-000")
    assert ana.post(path, {**ADDRESS, "kind": "billing"})["addresses"][1]["country"] == "BR"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"country": "XX"}, "country"), ({"country": "Portugal"}, "country"), ({"country": None}, "country"),
        ({"city_code": "4106902"}, "city_code"), ({"state": "x" * 61}, "state"),
        ({"postal_code": "1" * 21}, "postal_code"),
        ({"country": "BR"}, "state"), ({"country": "BR", "state": "XX"}, "state"),
        ({"country": "BR", "state": "PR"}, "postal_code"),
    ],
)  # fmt: skip
def test_a_wrong_address_is_refused_at_home_and_abroad(
    ana: Client, person: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    field_refused(ana.request("POST", f"/v1/persons/{person['id']}/addresses", json={**ABROAD, **change}), field)


def test_a_client_who_lives_abroad_needs_neither_cpf_nor_cnpj(ana: Client) -> None:
    body = {"short_name": "Lda", "category_ids": ["client"]}
    made = ana.register("Azulejos Lda", **body, addresses=[ABROAD])
    assert people.ids_of(made["categories"]) == ["client"]
    assert (made["document"], made["state_registration"]) == (None, "isento")
    assert ana.patch(f"/v1/persons/{made['id']}", {"name": "Azulejos e Filhos Lda"})["name"] == "Azulejos e Filhos Lda"
    for addresses in ([], [ADDRESS]):
        answer = ana.request("POST", "/v1/persons", json={"name": "Daqui", **body, "addresses": addresses})
        problem = refused(answer, 422, "client_incomplete")
        assert set(problem["fields"]) == {"document"}
    nameless = ana.request("POST", "/v1/persons", json={"name": "X", "category_ids": ["client"], "addresses": [ABROAD]})
    assert set(refused(nameless, 422, "client_incomplete")["fields"]) == {"short_name"}


def test_an_address_abroad_comes_back_from_an_export(ana: Client) -> None:
    word = people.unique_word()
    ana.register(f"Exportada {word}", addresses=[ABROAD])
    exported = ana.request("GET", "/v1/persons/export.csv", params={"q": word, "profile": "utf-8"})
    assert "Lisboa" in exported.text
    assert ",PT," in exported.text
