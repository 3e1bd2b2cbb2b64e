"""Row P1: a person is found by code, words, document, e-mail or phone; pages are complete and without doubles."""

from __future__ import annotations

import pytest

from tests.support import people
from tests.support.problems import field_refused, refused
from tests.support.system import Client


def ids(ana: Client, q: str) -> list[str]:
    return [person["id"] for person in ana.get("/v1/persons", params={"q": q})["items"]]


@pytest.fixture(scope="module")
def person(ana: Client) -> dict[str, object]:
    word = people.unique_word()
    return {
        "word": word,
        **ana.register(
            f"Açougue São {word} Ltda.",
            short_name="Boi Bom",
            document=people.cnpj(),
            categories=["client"],
            emails=[{"address": f"{word.lower()}@boi.example", "main": True}],
            phones=[{"number": people.phone(), "main": True}],
        ),
    }


def test_any_word_prefix_without_accents_and_in_any_case_finds_the_person(ana: Client, person: dict[str, str]) -> None:
    word = person["word"]
    for q in (word, word.upper(), word[:5].lower(), f"acougue {word}", f"{word} ÇAO"[:-3] + "sao", f"boi {word}"):
        assert ids(ana, q) == [person["id"]], q
    assert ids(ana, f"{word} inexistente") == []


def test_code_document_email_and_last_digits_of_the_phone_find_the_person(ana: Client, person: dict[str, str]) -> None:
    digits = person["document"]
    written = f"{digits[:2]}.{digits[2:5]}.{digits[5:8]}/{digits[8:12]}-{digits[12:]}"
    number = person["phones"][0]["number"]  # type: ignore[index]
    address = person["emails"][0]["address"]  # type: ignore[index]
    for q in (digits, written, address, address.upper(), number, number[-8:], f"#{person['code']}"):
        assert ids(ana, q) == [person["id"]], q


def test_a_person_is_got_by_id(ana: Client, person: dict[str, str]) -> None:
    assert ana.get(f"/v1/persons/{person['id']}")["code"] == person["code"]


def test_pages_hold_every_person_once_newest_first(ana: Client) -> None:
    word = people.unique_word()
    made = [ana.register(f"{word} {number}")["id"] for number in range(7)]
    seen, cursor = [], None
    while True:
        page = ana.get("/v1/persons", params={"q": word, "limit": 3, **({"cursor": cursor} if cursor else {})})
        assert len(page["items"]) <= 3
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made[::-1]


def test_an_empty_query_lists_the_newest(ana: Client) -> None:
    newest = ana.register(people.unique_word())
    assert ana.get("/v1/persons", params={"limit": 1})["items"][0]["id"] == newest["id"]


def test_what_cannot_be_asked_is_refused(ana: Client) -> None:
    field_refused(ana.request("GET", "/v1/persons", params={"limit": 0}), "limit")
    field_refused(ana.request("GET", "/v1/persons", params={"limit": 101}), "limit")
    refused(ana.request("GET", "/v1/persons", params={"cursor": "bm90IG91cnM="}), 422, "cursor_invalid")
    refused(ana.request("GET", "/v1/persons/nobody"), 404, "person_not_found")
