"""Row P8: persons as a CSV that spreadsheets open without harm, and that another company imports unchanged."""

from __future__ import annotations

import csv
import io

from tests.support.builders import people
from tests.support.builders.csv_export import EXPORT, export, full
from tests.support.builders.csv_import import IMPORTS, found, run, upload
from tests.support.builders.csv_taking import spoiled, written
from tests.support.problems import refused
from tests.support.stack.system import Client, System


def test_what_a_spreadsheet_has_saved_comes_back_as_the_same_persons(ana: Client) -> None:
    word = people.unique_word()
    full(ana, word)
    before = sorted(map(repr, found(ana, word)))
    rows = list(csv.reader(io.StringIO(export(ana, q=word, profile="utf-8").decode())))
    saved = upload(ana, written([dict(zip(rows[0], row, strict=True)) for row in rows[1:]], spoiled))["id"]
    ana.request("PATCH", f"{IMPORTS}/{saved}", json={"existing": "update"})
    assert run(ana, saved)["counts"]["existing"] == 4
    assert sorted(map(repr, found(ana, word))) == before


def test_each_profile_is_what_its_program_opens(ana: Client) -> None:
    word = people.unique_word()
    ana.register(f"{word} João Łódź")
    assert f"{word} João Łódź;" in export(ana, q=word).decode("utf-8-sig")
    assert export(ana, q=word).startswith(b"\xef\xbb\xbf")
    assert f";{word} João ?ódz;" in export(ana, q=word, profile="excel-br-1252").decode("windows-1252")
    plain = export(ana, q=word, profile="utf-8").decode()
    assert next(csv.reader(io.StringIO(plain)))[:3] == ["Identificador", "Código", "Nome"]
    refused(ana.request("GET", EXPORT, params={"profile": "lotus"}), 422, "input_invalid")


def test_no_cell_begins_what_a_spreadsheet_would_run(ana: Client) -> None:
    word = people.unique_word()
    ana.register(f"=HYPERLINK({word})", short_name="@SUM(1)", phones=[{"number": "+1 650 253 0000"}])
    rows = list(csv.reader(io.StringIO(export(ana, q=word, profile="utf-8").decode())))
    assert word in rows[1][2], "the person is in the file"
    for row in rows:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row), row


def test_everybody_is_exported_page_by_page(system: System, ana: Client) -> None:
    rows = list(csv.reader(io.StringIO(export(ana, profile="utf-8").decode())))[1:]
    company = ana.session["company"]
    company_id = company["id"] if isinstance(company, dict) else company
    assert len(rows) == system.mongo("people")["persons"].count_documents({"company": company_id, "active": True})
    codes = [int(row[1]) for row in rows]
    assert len(set(codes)) == len(codes)
    kept = system.mongo("people")["exports"].find_one({"company": company_id}, sort=[("at", -1)])
    assert (kept["user_name"], kept["filtered"]) == ("Ana", False)


def test_a_person_with_the_same_search_word_of_another_company_is_not_exported(ana: Client, bruno: Client) -> None:
    word = people.unique_word()
    ana.register(word)
    assert word not in export(bruno, q=word).decode()
