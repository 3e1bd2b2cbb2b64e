"""Rows P2, P4, P9: what a registration must satisfy, and its lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.people.categories.model import CATEGORIES
from services.people.options.model import BY_CATEGORY, SECTIONS, choose_category, offered_sections
from services.people.persons.model.duplicates import Likeness, identities_of, likeness
from services.people.persons.model.person import Person
from services.people.persons.model.places import cities_like, normalise_registration, with_place
from services.people.persons.model.relations import INVERSE, RELATION_KINDS
from services.people.shared.fields import find_document, find_phone
from services.people.users.model import Membership, User

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
CPF, CNPJ, ALPHANUMERIC = "529.982.247-25", "11.222.333/0001-81", "12.abc.345/01DE-35"


def register(**data: Any) -> Person:
    return Person.register("p1", 42, {"name": "José da Silva", **data}, NOW)


def test_a_prospect_needs_a_name_only() -> None:
    person = register()
    assert (person.categories, person.document, person.main_email, person.version) == (["prospect"], None, None, 1)


def test_nobody_is_registered_without_a_name() -> None:
    with pytest.raises(Invalid, match="name_missing"):
        register(name="  ")


def test_a_client_needs_a_short_name_and_a_document() -> None:
    with pytest.raises(Invalid) as refused:
        register(categories=["client"])
    assert refused.value.code == "client_incomplete"
    assert set(refused.value.params["fields"]) == {"short_name", "document"}
    assert register(categories=["client"], short_name="José", document=CPF).document == "52998224725"


@pytest.mark.parametrize(
    ("text", "document"),
    [
        (CPF, "52998224725"),
        (CNPJ, "11222333000181"),
        (ALPHANUMERIC, "12ABC34501DE35"),
        ("529.982.247-26", None),
        ("111.111.111-11", None),
        ("00.000.000/0000-00", None),
        ("５２９９８２２４７２５", None),
        ("abc", None),
    ],
)
def test_documents_have_right_check_digits(text: str, document: str | None) -> None:
    assert find_document(text) == document


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("(11) 8765-4321", "+5511987654321"),
        ("+55 11 98765-4321", "+5511987654321"),
        ("5511987654321", "+5511987654321"),
        ("011 8765-4321", "+5511987654321"),
        ("(11) 3456-7890", "+551134567890"),
        ("0800 123 4567", "+558001234567"),
        ("+1 202 555 0123", "+12025550123"),
        ("98765-4321", None),
        ("ligar depois", None),
        ("", None),
    ],
)
def test_phones_become_e164_with_the_ninth_digit(text: str, phone: str | None) -> None:
    assert find_phone(text) == phone


def test_an_invalid_phone_is_refused() -> None:
    with pytest.raises(Invalid, match="phone_invalid"):
        register(phones=[{"number": "123"}])


def test_the_first_becomes_main_when_none_is() -> None:
    person = register(emails=[{"address": "a@x.com"}, {"address": "b@x.com"}], addresses=[{"kind": "billing"}])
    assert person.main_email == "a@x.com"
    assert person.addresses[0]["kind"] == "main"


@pytest.mark.parametrize(
    "data",
    [
        {"emails": [{"address": "a@x.com", "main": True}, {"address": "b@x.com", "main": True}]},
        {"phones": [{"number": "11987654321", "main": True}, {"number": "1134567890", "main": True}]},
        {"addresses": [{"kind": "main"}, {"kind": "main"}]},
        {"contacts": [{"name": "A", "main": True}, {"name": "B", "main": True}]},
    ],
)
def test_two_mains_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="main_repeated"):
        register(**data)


def test_the_same_phone_written_twice_is_one() -> None:
    assert len(register(phones=[{"number": "11 8765-4321"}, {"number": "+55 11 98765-4321"}]).phones) == 1


def test_addresses_and_contacts_are_added() -> None:
    person = register()
    person.add_item("addresses", {"kind": "main", "street": "Rua A", "city": "curitiba", "state": "PR"})
    person.add_item("addresses", {"kind": "delivery", "street": "Rua B"})
    person.add_item("contacts", {"name": "Ana", "phone": "11 8765-4321", "address_id": "2"})
    assert [address["kind"] for address in person.addresses] == ["main", "delivery"]
    assert person.addresses[0]["city_code"] == "4106902"
    assert [(c["name"], c["phone"], c["main"]) for c in person.contacts] == [("Ana", "+5511987654321", True)]
    with pytest.raises(Invalid, match="main_repeated"):
        person.add_item("addresses", {"kind": "main", "street": "Rua C"})
    with pytest.raises(Invalid, match="address_unknown"):
        person.add_item("contacts", {"name": "Rita", "address_id": "77"})


def test_an_item_made_the_main_one_takes_that_from_another() -> None:
    person = register(phones=[{"number": "1134567890"}, {"number": "11987654321"}])
    person.edit_item("phones", "2", {"main": True})
    assert [phone["main"] for phone in person.phones] == [False, True]
    with pytest.raises(Invalid, match="main_missing"):
        person.edit_item("phones", "2", {"main": False})
    person.remove_item("phones", "2")
    assert [(phone["id"], phone["main"]) for phone in person.phones] == [("1", True)]
    person.add_item("phones", {"number": "11987654321"})
    assert person.phones[-1]["id"] == "3"
    with pytest.raises(Conflict, match="phone_exists"):
        person.add_item("phones", {"number": "(11) 8765-4321"})
    with pytest.raises(NotFound, match="phone_not_found"):
        person.remove_item("phones", "2")


def test_the_main_address_changes_with_its_kind() -> None:
    person = register(addresses=[{"street": "A"}, {"street": "B", "kind": "billing"}])
    person.edit_item("addresses", "2", {"kind": "main"})
    assert [(a["kind"], a["main"]) for a in person.addresses] == [("other", False), ("main", True)]


@pytest.mark.parametrize(
    ("text", "state", "number"),
    [
        ("ISENTO", None, "isento"),
        ("Isenta", "PR", "isento"),
        ("123.45678-50", "PR", "1234567850"),
        ("110.042.490.114", "SP", "110042490114"),
        ("P-01100424.3/002", "SP", "P011004243002"),
    ],
)
def test_a_state_registration_has_the_length_of_its_state(text: str, state: str | None, number: str) -> None:
    assert normalise_registration(text, state) == number
    assert normalise_registration(number, state) == number


@pytest.mark.parametrize(("text", "state"), [("123", "PR"), ("1234567850", "SP"), ("P1234567850", "PR"), ("x", "PR")])
def test_a_state_registration_of_another_length_is_refused(text: str, state: str) -> None:
    with pytest.raises(Invalid, match="state_registration_invalid"):
        normalise_registration(text, state)


def test_a_state_registration_needs_its_state() -> None:
    with pytest.raises(Invalid, match="state_missing"):
        normalise_registration("1234567850", None)


def test_a_company_that_is_a_client_has_a_state_registration_or_is_exempt() -> None:
    company = {"categories": ["client"], "short_name": "X", "document": CNPJ}
    with pytest.raises(Invalid) as refused:
        register(**company)
    assert set(refused.value.params["fields"]) == {"state_registration"}
    assert register(**company, state_registration="isento").state_registration == "isento"
    address = {"street": "A", "city": "Curitiba", "state": "PR"}
    registered = register(**company, state_registration="123.45678-50", addresses=[address])
    assert (registered.state_registration, registered.state_registration_state) == ("1234567850", "PR")


def test_places_are_those_of_ibge() -> None:
    placed = with_place({"city": "sao paulo", "state": "SP", "postal_code": "01310100"})
    assert (placed["city_code"], placed["postal_code"]) == ("3550308", "01310-100")
    for typed in ("32.010-000", "32010 000", "32010000", "32010-000"):
        assert with_place({"state": "mg", "postal_code": typed})["postal_code"] == "32010-000"
    assert with_place({"state": "mg"})["state"] == "MG"
    assert with_place({"city": "Vila Sem Nome", "state": "SP"})["city_code"] is None
    assert [city.code for city in cities_like("PR", "curitiba")] == ["4106902"]
    assert len(cities_like("MG", "")) == 50
    for wrong, code in (
        ({"state": "XX"}, "state_unknown"),
        ({"state": "PR", "city_code": "3550308"}, "city_unknown"),
        ({"state": "PR", "postal_code": "8000-0000"}, "postal_code_invalid"),
        ({"state": "PR", "postal_code": "80.00-0000"}, "postal_code_invalid"),
    ):
        with pytest.raises(Invalid, match=code):
            with_place(wrong)


def test_what_is_not_given_stays_and_the_whole_must_still_be_right() -> None:
    person = register(categories=["client"], short_name="José", document=CPF)
    person.change({"trade_name": "Zé"})
    assert (person.name, person.trade_name, person.document) == ("José da Silva", "Zé", "52998224725")
    with pytest.raises(Invalid, match="client_incomplete"):
        person.change({"short_name": ""})
    with pytest.raises(Invalid, match="category_unknown"):
        person.change({"categories": ["own"]})
    person.change({"categories": ["own", "client"]}, own={"own"})
    person.change({"categories": ["own"]})  # put out of use since, and kept


def test_two_persons_are_related_from_both_sides() -> None:
    one, other = register(), Person.register("p2", 43, {"name": "Rita"}, NOW)
    one.relate(other, "employee", "r1", NOW)
    assert [(r["person_id"], r["kind"]) for r in one.relations] == [("p2", "employee")]
    assert [(r["person_id"], r["kind"]) for r in other.relations] == [("p1", "employer")]
    assert "related:p2" in one.search_keys()
    with pytest.raises(Conflict, match="relation_exists"):
        one.relate(other, "employee", "r2", NOW)
    with pytest.raises(Conflict, match="related_to_itself"):
        one.relate(one, "partner", "r3", NOW)
    one.unrelate("r1")
    assert one.relations == []
    with pytest.raises(NotFound, match="relation_not_found"):
        one.unrelate("r1")


@pytest.mark.parametrize("kind", RELATION_KINDS)
def test_the_inverse_of_an_inverse_is_the_relation_itself(kind: str) -> None:
    assert INVERSE[INVERSE[kind]] == kind


def test_a_person_is_inactivated_and_reactivated_once() -> None:
    person = register()
    person.inactivate("faleceu", NOW)
    with pytest.raises(Conflict, match="person_inactive"):
        person.inactivate("", NOW)
    person.reactivate()
    assert (person.active, person.inactive_reason, person.inactivated_at) == (True, None, None)
    with pytest.raises(Conflict, match="person_active"):
        person.reactivate()


def test_options_follow_from_the_category_and_the_access() -> None:
    everything = lambda _: True  # noqa: E731 - two short ones read best here
    assert "receivables" in offered_sections(BY_CATEGORY["client"], everything, everything)
    assert "receivables" not in offered_sections(BY_CATEGORY["prospect"], everything, everything)
    assert offered_sections(BY_CATEGORY["client"], lambda p: p == "people.read", everything) == [
        "addresses",
        "related_persons",
    ]
    assert offered_sections(BY_CATEGORY["client"], everything, lambda s: s == "orders") == ["orders"]


def test_every_category_has_its_row_in_the_table_of_options() -> None:
    assert set(BY_CATEGORY) == set(CATEGORIES)
    assert {section for row in BY_CATEGORY.values() for section in row} <= set(SECTIONS)


def test_the_category_is_the_one_asked_for_else_the_first_that_the_user_sees() -> None:
    held = ["client", "supplier"]
    assert choose_category(None, held, lambda _: True) == "client"
    assert choose_category(None, held, lambda c: c == "supplier") == "supplier"
    assert choose_category(None, held, lambda _: False) is None
    with pytest.raises(Forbidden, match="category_hidden"):
        choose_category("client", held, lambda c: c == "supplier")
    with pytest.raises(Invalid, match="category_not_held"):
        choose_category("carrier", held, lambda _: True)


def test_what_two_persons_share_says_how_likely_they_are_one() -> None:
    one = identities_of("José da Silva", ["a@x.com"], ["+5511987654321"])
    assert likeness(one, identities_of("JOSE SILVA", [], [])) == Likeness(50, ("name",))
    assert likeness(one, identities_of("Zé", ["A@x.com"], ["+5511987654321"])) == Likeness(94, ("email", "phone"))
    assert likeness(one, identities_of("Maria Souza", [], [])) is None
    assert identities_of("Maria", [], []) == []


def test_a_user_signs_in_to_a_company_of_theirs() -> None:
    user = User("u", "a@x.com", "Ana", "hash", {"c1": Membership(["seller"]), "c2": Membership([])})
    assert user.choose_company("c1", asked=True) == ("c1", Membership(["seller"]))
    with pytest.raises(Invalid, match="company_required"):
        user.choose_company(None, asked=False)
    for unknown in ("c3", None):
        with pytest.raises(Forbidden, match="membership_missing"):
            user.choose_company(unknown, asked=True)
