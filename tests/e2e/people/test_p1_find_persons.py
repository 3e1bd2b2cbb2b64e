"""Row P1: a person is found by code, words, document, e-mail or phone; ranked; pages complete and without doubles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.builders import people
from tests.support.builders.finding import butcher, found, ids, pages
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def person(ana: Client) -> dict[str, Any]:
    return butcher(ana)


def test_any_word_prefix_without_accents_and_in_any_case_finds_the_person(ana: Client, person: dict[str, Any]) -> None:
    word = person["word"]
    for q in (word, word.upper(), word[:5].lower(), f"acougue {word}", f"{word} sao", f"boi {word}", f"B {word}"):
        assert ids(ana, q) == [person["id"]], q
    for q in (f"casa {word}", f"davila {word}", f"d'ÁVILA {word}"):
        assert ids(ana, q) == [person["id"]], q
    assert ids(ana, f"{word} inexistente") == []


def test_pages_hold_every_person_once_newest_first(ana: Client) -> None:
    word = people.unique_word()
    made = [ana.register(f"{word} {number}")["id"] for number in range(7)]
    found_pages = pages(ana, word, 3)
    assert [len(page) for page in found_pages] == [3, 3, 1]
    assert [one for page in found_pages for one in page] == made[::-1]


def test_each_page_is_one_read_of_the_list(system: System, ana: Client, person: dict[str, Any]) -> None:
    """Words, an e-mail, a phone: one find a page; a number looks its code or its document up besides."""
    profiled = [(person["word"], 1), (person["emails"][0]["address"], 1), ("", 1), ("#1", 1), ("98765-4321", 2)]
    for q, most in profiled:
        before = _reads(system)
        found(ana, q)
        assert 1 <= _reads(system) - before <= most, q


def _reads(system: System) -> int:
    """How many finds of persons the service has sent, by its own record of reads."""
    lines = Path(system.settings["VINCULO_RECORD_QUERIES"]).read_text().splitlines()
    return sum('"persons"' in line and "_people" in line for line in lines)


def test_parts_of_an_email_first_digits_and_initials_find_the_person(ana: Client) -> None:
    word, document = people.unique_word().lower(), people.cpf()
    emails = [{"address": f"loja.{word}@{word}.com.br"}]
    made = ana.register(f"Q.W.{word[0]}. {word}", document=document, emails=emails)
    for q in (f"loja.{word}@", f"@{word}.com.br", document[:8], f"QW{word[0]} {word}"):
        assert ids(ana, q, limit=100) == [made["id"]], q
    (suggested,) = ana.get("/v1/persons/suggestions", params={"q": f"@{word}.com.br"})["items"]
    assert (suggested["id"], suggested["email"]) == (made["id"], emails[0]["address"])


def test_who_is_not_found_and_wrong_questions_are_refused(ana: Client, bruno: Client, person: dict[str, Any]) -> None:
    refused(bruno.request("GET", f"/v1/persons/{person['id']}"), 404, "person_not_found")
    refused(ana.request("GET", "/v1/persons/by-code/999999999"), 404, "person_not_found")
    refused(ana.request("GET", "/v1/persons", params={"cursor": "AAAA"}), 422, "cursor_invalid")
    field_refused(ana.request("GET", "/v1/persons", params={"state": "gone"}), "state")
