"""Rows P1 to P4: what a registration must satisfy, and how a person is found."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Forbidden, Invalid
from services.people.domain import Membership, Person, User, query_alternatives
from services.people.domain.fields import find_document, find_phone

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
CPF, CNPJ, ALPHANUMERIC = "529.982.247-25", "11.222.333/0001-81", "12.abc.345/01DE-35"


def register(**data: Any) -> Person:
    return Person.register("p1", 42, {"name": "José da Silva", **data}, NOW)


def finds(person: Person, q: str) -> bool:
    keys = set(person.search_keys())
    return any(keys.issuperset(alternative) for alternative in query_alternatives(q))


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


@given(st.from_regex(r"(\+55)?[1-9]{2}[2-9][0-9]{7,8}", fullmatch=True))
def test_normalising_a_phone_twice_is_normalising_once(text: str) -> None:
    once = find_phone(text)
    assert once is None or find_phone(once) == once


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
    person.add_address({"kind": "main", "street": "Rua A"})
    person.add_address({"kind": "delivery", "street": "Rua B"})
    person.add_contact({"name": "Ana", "phone": "11 8765-4321"})
    assert [address["kind"] for address in person.addresses] == ["main", "delivery"]
    assert person.contacts == [{"name": "Ana", "phone": "+5511987654321", "main": True}]
    with pytest.raises(Invalid, match="main_repeated"):
        person.add_address({"kind": "main", "street": "Rua C"})


@pytest.mark.parametrize(
    "q",
    [
        "jose",
        "JOSÉ silv",
        "sil",
        "zé",
        "42",
        "#42",
        CPF,
        "52998224725",
        "JOSE@X.com",
        "4321",
        "8765-4321",
        "(11) 98765-4321",
        "(11) 8765-4321",
        "+55 11 98765 4321",
        "silva 4321",
        "José d Silva",
    ],
)
def test_a_person_is_found_by(q: str) -> None:
    person = register(
        short_name="Zé", document=CPF, emails=[{"address": "Jose@x.com"}], phones=[{"number": "11987654321"}]
    )
    assert finds(person, q)


@pytest.mark.parametrize("q", ["joao", "silva joao", "43", "529982247", "!!!", "maria@x.com", "ilva"])
def test_a_person_is_not_found_by(q: str) -> None:
    assert not finds(register(document=CPF), q)


def test_an_alphanumeric_cnpj_is_found_in_any_writing() -> None:
    person = register(document=ALPHANUMERIC)
    assert finds(person, "12.ABC.345/01DE-35")
    assert finds(person, "12abc34501de35")


def test_a_blank_query_asks_for_everyone() -> None:
    assert query_alternatives("  ") == []


@given(st.text(min_size=1, max_size=150))
def test_every_word_of_a_name_finds_its_person(name: str) -> None:
    if name.strip():
        person = Person.register("p", 1, {"name": name}, NOW)
        assert all(finds(person, word) for word in name.split() if any(c.isalpha() for c in word) and "@" not in word)


def test_a_user_signs_in_to_a_company_of_theirs() -> None:
    user = User("u", "a@x.com", "Ana", "hash", {"c1": Membership(["seller"]), "c2": Membership([])})
    assert user.chosen("c1", asked=True) == ("c1", Membership(["seller"]))
    with pytest.raises(Invalid, match="company_required"):
        user.chosen(None, asked=False)
    for unknown in ("c3", None):
        with pytest.raises(Forbidden, match="membership_missing"):
            user.chosen(unknown, asked=True)
