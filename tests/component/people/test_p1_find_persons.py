"""Row P1: a person is found by code, words, document, e-mail or phone; ranked; pages complete and without doubles."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import people
from tests.support.builders.finding import butcher, ids, pages
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client


@pytest.fixture(scope="module")
def person(ana: Client) -> dict[str, Any]:
    return butcher(ana)


def test_code_document_email_and_last_digits_of_the_phone_find_the_person(ana: Client, person: dict[str, Any]) -> None:
    digits = person["document"]
    written = f"{digits[:2]}.{digits[2:5]}.{digits[5:8]}/{digits[8:12]}-{digits[12:]}"
    number, address = person["phones"][0]["number"], person["emails"][0]["address"]
    for q in (digits, written, address, address.upper(), number, number[-8:], f"#{person['code']}"):
        assert ids(ana, q) == [person["id"]], q
    assert person["id"] in ids(ana, number[-4:], limit=100)
    assert person["id"] in ids(ana, digits[:8], limit=100)


def test_a_mobile_is_found_with_and_without_the_ninth_digit(ana: Client) -> None:
    number = people.phone()
    old = f"(11) {number[3:7]}-{number[7:]}" if number[3] in "6789" else ""
    made = ana.register("Celular", phones=[{"number": number}])
    for q in filter(None, (number, f"+55 {number}", number[-9:], number[-8:], old)):
        assert made["id"] in ids(ana, q), q


def test_the_exact_code_comes_first_then_those_whose_phone_ends_so(ana: Client) -> None:
    """Four digits may be both; the code must not hide the phones, nor stand among them."""
    digits = f"{ana.register('Quatro')['code']:04d}"
    coded = ana.get(f"/v1/persons/by-code/{int(digits)}")
    called = [ana.register("Final", phones=[{"number": f"1134{n}0{digits}"}])["id"] for n in range(1, 6)]
    assert ids(ana, digits) == [coded["id"], *called[::-1]]
    assert pages(ana, digits, 2) == [[coded["id"], called[4]], [called[3], called[2]], [called[1], called[0]]]
    assert pages(ana, digits, 1)[0] == [coded["id"]]
    assert [one for page in pages(ana, digits, 1) for one in page] == [coded["id"], *called[::-1]]


def test_a_document_comes_before_a_phone_of_the_same_digits(ana: Client) -> None:
    document = next(one for one in iter(people.cpf, "") if one[2] == "9" and one[:2] in ("11", "21", "31", "41"))
    holder = ana.register("Documento", document=document)
    caller = ana.register("Telefone", phones=[{"number": document}])
    assert ids(ana, document) == [holder["id"], caller["id"]]


def test_a_category_narrows_the_search(ana: Client) -> None:
    word = people.unique_word()
    ana.register(f"{word} um")
    supplier = ana.register(f"{word} dois", category_ids=["supplier", "prospect"])
    assert ids(ana, word, category_id="supplier") == [supplier["id"]]
    assert ids(ana, str(supplier["code"]), category_id="client") == []


def test_a_person_is_got_by_id_and_by_code(ana: Client, person: dict[str, Any]) -> None:
    assert ana.get(f"/v1/persons/{person['id']}")["code"] == person["code"]
    assert ana.get(f"/v1/persons/by-code/{person['code']}")["id"] == person["id"]
    refused(ana.request("GET", "/v1/persons/by-code/999999999"), 404, "person_not_found")


def test_an_empty_query_lists_the_newest(ana: Client) -> None:
    newest = ana.register(people.unique_word())
    assert ana.get("/v1/persons", params={"limit": 1})["items"][0]["id"] == newest["id"]


def test_what_cannot_be_asked_is_refused(ana: Client) -> None:
    field_refused(ana.request("GET", "/v1/persons", params={"limit": 0}), "limit")
    field_refused(ana.request("GET", "/v1/persons", params={"limit": 101}), "limit")
    field_refused(ana.request("GET", "/v1/persons", params={"state": "dead"}), "state")
    field_refused(ana.request("GET", "/v1/persons", params={"q": "x" * 151}), "q")
    refused(ana.request("GET", "/v1/persons", params={"cursor": "bm90IG91cnM="}), 422, "cursor_invalid")
    refused(ana.request("GET", "/v1/persons/nobody"), 404, "person_not_found")


def test_parts_of_an_email_first_digits_and_initials_find_the_person(ana: Client) -> None:
    word, cpf, number = people.unique_word().lower(), people.cpf(), people.phone()
    made = ana.register(
        f"X.Y.{word[0]}. {word} S/A", document=cpf, phones=[{"number": number}],
        emails=[{"address": f"compras.{word}@{word}.com.br"}],
    )  # fmt: skip
    parts = [f"compras.{word}", f"compras.{word}@", f"@{word}.com.br", f"{word}.com.br"]
    asked = [*parts, cpf[:8], f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}", number[:8], f"xy{word[0]} {word}", f"S/A {word}"]
    for q in asked:
        assert made["id"] in ids(ana, q, limit=100), q
    assert pages(ana, f"compras.{word}", limit=1) == [[made["id"]]]


def test_suggestions_show_the_first_who_match_and_what_a_list_of_them_shows(ana: Client) -> None:
    word = people.unique_word()
    made = [ana.register(f"{word} {number}", emails=[{"address": f"{number}@x.example"}]) for number in range(3)]
    found = ana.get("/v1/persons/suggestions", params={"q": word, "limit": 2})["items"]
    assert [one["id"] for one in found] == [made[2]["id"], made[1]["id"]]
    assert set(found[0]) == {"id", "code", "name", "short_name", "document", "categories", "email", "phone"}
    assert (found[0]["email"], found[0]["phone"]) == ("2@x.example", None)
    (same,) = ana.get("/v1/persons/suggestions", params={"q": f"#{made[0]['code']}"})["items"]
    assert same["name"] == made[0]["name"]
    ana.post(f"/v1/persons/{made[2]['id']}/inactivate", {})
    assert [one["id"] for one in ana.get("/v1/persons/suggestions", params={"q": word})["items"]] == [
        made[1]["id"], made[0]["id"],
    ]  # fmt: skip
    field_refused(ana.request("GET", "/v1/persons/suggestions"), "q")
    field_refused(ana.request("GET", "/v1/persons/suggestions", params={"q": word, "limit": 21}), "limit")
