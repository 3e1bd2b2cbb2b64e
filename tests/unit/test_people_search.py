"""Row P1: a person is found by any form of what it has; properties of documents, phones and names."""

from __future__ import annotations

import datetime as dt
from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat
from stdnum.br import cnpj as stdnum_cnpj
from stdnum.br import cpf as stdnum_cpf

from services.chassis.phones import national_digits
from services.chassis.texts import fold
from services.people.persons.model.person import Person
from services.people.persons.model.search import Query, in_order, keys_of, read_query
from services.people.shared.fields import find_document, find_phone

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
CPF, ALPHANUMERIC = "529.982.247-25", "12.abc.345/01DE-35"
# those in use
AREAS = [
    "11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "22", "24", "27", "28", "31", "32", "33", "34", "35",
    "37", "38", "41", "42", "43", "44", "45", "46", "47", "48", "49", "51", "53", "54", "55", "61", "62", "63", "64",
    "65", "66", "67", "68", "69", "71", "73", "74", "75", "77", "79", "81", "82", "83", "84", "85", "86", "87", "88",
    "89", "91", "92", "93", "94", "95", "96", "97", "98", "99",
]  # fmt: skip


def register(**data: Any) -> Person:
    return Person.register("p1", 42, {"name": "José da Silva", **data}, NOW)


def finds(person: Person, q: str) -> bool:
    asked = read_query(q)
    exact = asked.code == person.code or (asked.document is not None and asked.document == person.document)
    keys = set(person.search_keys())
    return exact or (asked.listed and any(keys.issuperset(one) for one in (asked.keys, *asked.also)))


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@st.composite
def cpfs(draw: st.DrawFn) -> str:
    base = draw(digits(9).filter(lambda text: len(set(text)) > 1))
    for size in (9, 10):
        rest = sum(int(d) * w for d, w in zip(base, range(size + 1, 1, -1), strict=True)) * 10 % 11
        base += str(rest % 10)
    return base


@st.composite
def cnpjs(draw: st.DrawFn) -> str:
    """The numeric ones, and the alphanumeric ones of July 2026."""
    letters = draw(st.sampled_from(["0123456789", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"]))
    base = draw(st.text(letters, min_size=12, max_size=12).filter(lambda text: len(set(text)) > 2))
    return base + stdnum_cnpj.calc_check_digits(base)


def test_a_blank_query_asks_for_everyone() -> None:
    assert read_query("  ") == Query()


@pytest.mark.parametrize(
    ("name", "q"),
    [(name, q) for name in ("A.B.C. Comércio S/A", "ABC Comercio SA", "A B C Comércio S.A.", "A. B. C. comércio s/a")
     for q in ("abc", "A.B.C.", "a.b.c", "A. B. C.", "s/a", "S.A.", "sa", "A.B.C. S/A", "abc comércio", "comercio sa")],
)  # fmt: skip
def test_initials_are_found_with_points_and_without(name: str, q: str) -> None:
    assert finds(Person.register("p1", 42, {"name": name}, NOW), q)


def test_single_letters_with_blanks_between_are_beginnings_of_words() -> None:
    assert finds(register(), "j s")
    assert not finds(Person.register("p1", 42, {"name": "ABC"}, NOW), "a b")


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("joao.silva", True), ("JOAO.SILVA@", True), ("joao.silva@pad", True), ("joao.silva@padaria.com.br", True),
        ("@padaria.com.br", True), ("padaria.com.br", True), ("joao.silva@padaria.com", False), ("joao", False),
        ("silva.joao", False), ("@padaria", False), ("com.br", False), ("outra.com.br", False), ("br", False),
    ],
)  # fmt: skip
def test_an_email_is_found_whole_by_its_part_before_the_at_or_by_its_domain(q: str, found: bool) -> None:
    person = Person.register("p1", 42, {"name": "Xis", "emails": [{"address": "Joao.Silva@padaria.com.br"}]}, NOW)
    assert finds(person, q) is found


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("529", True), ("529.982", True), ("52998224", True), ("529.982.247-2", True), ("982", False),
        ("5299823", False),
    ],
)  # fmt: skip
def test_a_cpf_is_found_by_its_first_digits(q: str, found: bool) -> None:
    assert finds(register(document=CPF), q) is found


@pytest.mark.parametrize("q", ["12a", "12.ABC", "12.abc.345/", "12.ABC.345/01DE", "12abc34501de", "12ABC345"])
def test_a_cnpj_with_letters_is_found_by_its_first_characters(q: str) -> None:
    assert finds(register(document=ALPHANUMERIC, short_name="X"), q)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("1198", True), ("(11) 9876", True), ("11 98765", True), ("9876", True), ("98765-4", True), ("+55 11 98", True),
        ("011 9876", True), ("+5511987", True), ("4321", True), ("7654", False), ("2198", False),
    ],
)  # fmt: skip
def test_a_phone_is_found_by_its_first_or_last_digits_however_typed(q: str, found: bool) -> None:
    assert finds(register(phones=[{"number": "11987654321"}]), q) is found


@pytest.mark.parametrize(
    "q",
    ["jose", "JOSÉ silv", "sil", "s", "zé", "42", "#42", CPF, "52998224725", "JOSE@X.com", "4321", "8765-4321",
     "98765-4321", "(11) 98765-4321", "(11) 8765-4321", "+55 11 98765 4321", "011 98765-4321", "silva 4321",
     "José d Silva", "forno", "davila", "d'avila", "D’Ávila"],
)  # fmt: skip
def test_a_person_is_found_by(q: str) -> None:
    person = register(
        short_name="Zé", trade_name="Forno D'Ávila", document=CPF,
        emails=[{"address": "Jose@x.com"}], phones=[{"number": "11987654321"}],
    )  # fmt: skip
    assert finds(person, q)


@pytest.mark.parametrize("q", ["joao", "silva joao", "43", "299822472", "!!!", "maria@x.com", "ilva", "#420"])
def test_a_person_is_not_found_by(q: str) -> None:
    assert not finds(register(document=CPF), q)


def test_an_alphanumeric_cnpj_is_found_in_any_writing() -> None:
    person = register(document=ALPHANUMERIC)
    assert finds(person, "12.ABC.345/01DE-35")
    assert finds(person, "12abc34501de35")


def test_branches_of_a_company_are_found_by_what_their_cnpj_begins_with() -> None:
    assert finds(register(document="11.222.333/0001-81"), "11222333")


def test_the_rarest_key_leads_and_a_category_comes_last() -> None:
    asked = read_query("ana conceição").within(groups=["related:p"], category="client")
    assert asked.keys == ("related:p", "conceicao", "ana", "category:client")
    assert (asked.groups, asked.narrow) == (("related:p",), ("category:client",))


@given(st.sampled_from(AREAS), digits(7), st.sampled_from("6789"))
def test_both_forms_of_a_mobile_are_one_phone_and_find_its_owner(area: str, rest: str, first: str) -> None:
    old, new = f"{area}{first}{rest}", f"{area}9{first}{rest}"
    assert find_phone(old) == find_phone(new) == f"+55{new}"
    assert len(register(phones=[{"number": old}, {"number": new}]).phones) == 1
    person = register(phones=[{"number": old}])
    for form in (old, new, f"+55{old}", f"0{new}", f"({area}) {first}{rest[:3]}-{rest[3:]}", new[-9:], old[-8:], rest):
        assert finds(person, form), form


@given(st.sampled_from(AREAS), st.sampled_from("2345"), digits(7))
def test_a_landline_gains_no_digit(area: str, first: str, rest: str) -> None:
    written = f"({area}) {first}{rest[:3]}-{rest[3:]}"
    assert find_phone(written) == f"+55{area}{first}{rest}"
    person = register(phones=[{"number": written}])
    assert all(finds(person, form) for form in (written, f"+55{area}{first}{rest}", f"{first}{rest}", rest[-4:]))


@given(st.from_regex(r"(\+55|0)?[ (]?[1-9]{2}[) ]?[2-9][0-9]{3}-?[0-9]{4,5}", fullmatch=True))
def test_normalising_a_phone_twice_is_normalising_once(text: str) -> None:
    once = find_phone(text)
    assert once is None or find_phone(once) == once


@given(st.sampled_from(["US", "PT", "AR", "DE", "JP"]))
def test_a_foreign_phone_is_found_by_its_last_digits(region: str) -> None:
    example = phonenumbers.example_number(region)
    assert example is not None
    written = phonenumbers.format_number(example, PhoneNumberFormat.INTERNATIONAL)
    person = register(phones=[{"number": written}])
    number = person.phones[0]["number"]
    assert number == find_phone(number)
    assert finds(person, written)
    assert finds(person, national_digits(number)[-6:])


@given(cpfs() | cnpjs(), st.booleans())
def test_a_document_in_any_writing_is_one_and_finds_its_holder(document: str, lower: bool) -> None:
    module = stdnum_cpf if len(document) == 11 else stdnum_cnpj
    written = module.format(document)
    written = written.lower() if lower else written
    assert find_document(written) == find_document(document) == document
    assert find_document(str(find_document(written))) == document
    person = register(document=written)
    assert person.document == document
    assert finds(person, document)
    assert finds(person, written)
    assert finds(person, document.lower())


NAMES = st.text(st.characters(categories=["L", "M", "Zs", "Pd"], include_characters="'’.0123456789"), min_size=1)


@given(NAMES)
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.text(min_size=1, max_size=150))
def test_every_word_of_a_name_finds_its_person(name: str) -> None:
    if name.strip():
        person = Person.register("p", 1, {"name": name}, NOW)
        assert all(finds(person, word) for word in name.split() if any(c.isalpha() for c in word) and "@" not in word)


@given(st.lists(st.sampled_from(["José", "Conceição", "D'Ávila", "Müller", "e", "da", "Ltda."]), min_size=1), st.data())
def test_any_beginning_of_any_words_finds_the_person(names: list[str], data: st.DataObject) -> None:
    person = Person.register("p", 1, {"name": "Padaria", "trade_name": " ".join(names)}, NOW)
    some = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))
    begun = [fold(word)[: data.draw(st.integers(1, 9))] for word in some]
    assert finds(person, " ".join(begun).upper())


def test_what_most_people_type_is_compared_first() -> None:
    keys = in_order(keys_of("Ana Alves", "12345678909", ["ana@padaria.example"], ["+5511987654321"]))
    words = [key for key in keys if key.isalpha()]
    assert keys[: len(words)] == words
    assert words[:2] == ["alves", "alve"]
    assert len(set(keys)) == len(keys)
