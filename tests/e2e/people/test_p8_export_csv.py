"""Row P8: persons as a CSV that spreadsheets open without harm, and that another company imports unchanged."""

from __future__ import annotations

import csv
import io
from typing import Any

from tests.support.builders import people
from tests.support.builders.csv_import import IMPORTS, run, upload
from tests.support.builders.csv_taking import spoiled, written
from tests.support.problems import refused
from tests.support.stack.system import PASSWORD, Client, System

EXPORT = "/v1/persons/export.csv"
OWN = ("id", "code", "version", "created_at")


def export(client: Client, **query: str) -> bytes:
    answer = client.request("GET", EXPORT, params=query)
    assert answer.ok, answer.text
    assert answer.headers["Content-Type"].startswith("text/csv")
    return answer.content


def found(client: Client, q: str) -> list[dict[str, Any]]:
    persons: list[dict[str, Any]] = client.get("/v1/persons", params={"q": q, "limit": 100})["items"]
    return persons


def comparable(person: dict[str, Any]) -> dict[str, Any]:
    """Without what each company gives anew: ids, codes, versions, the numbers of items."""
    kept = {key: value for key, value in person.items() if key not in ("id", "code", "version", "created_at")}
    for many in ("emails", "phones", "addresses", "contacts"):
        kept[many] = sorted(repr(sorted({**item, "id": ""}.items())) for item in kept[many])
    return kept


def full(client: Client, word: str) -> None:
    client.register(
        f"{word} Açaí & Filhos",
        short_name=f"={word}",
        document=people.cnpj(),
        state_registration="isento",
        categories=["client", "supplier"],
        emails=[{"address": "a@x.example"}, {"address": "b@x.example", "main": True}],
        phones=[{"number": people.phone()}, {"number": "+1 650 253 0000"}, {"number": "1133334444", "main": True}],
        addresses=[
            {"street": "Rua; 1", "number": "10", "complement": 'casa "2"', "district": "Sé", "city": "São Paulo",
             "state": "SP", "postal_code": "01310-100"},
            {"kind": "billing", "street": "Rua 2", "city": "Niterói", "state": "RJ"},
        ],
        contacts=[{"name": "Rita", "role": "Compras", "email": "r@x.example", "phone": "21988887777"}, {"name": "Zé"}],
    )  # fmt: skip
    client.register(f"{word} Prospect")
    client.register(f"-{word}\nDuas linhas", document=people.cpf(), phones=[{"number": people.phone()}])
    client.register(f"'{word} apóstrofo", emails=[{"address": f"{word.lower()}@x.example"}])


def test_exported_and_imported_elsewhere_gives_equal_persons(ana: Client, bruno: Client) -> None:
    word = people.unique_word()
    full(ana, word)
    ours = sorted(map(repr, map(comparable, found(ana, word))))
    assert len(ours) == 4
    done = run(bruno, upload(bruno, export(ana, q=word))["id"])
    assert (done["counts"]["registered"], done["counts"]["refused"]) == (4, 0)
    assert sorted(map(repr, map(comparable, found(bruno, word)))) == ours


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
    for row in csv.reader(io.StringIO(export(ana, q=word, profile="utf-8").decode())):
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


def test_exporting_needs_a_permission_of_its_own(system: System) -> None:
    login = f"{people.unique_word().lower()}@padaria.example"
    system.run(
        "-m", "deploy.admin", "user-create", "--login", login, "--name", "Vito",
        "--company", "padaria", "--role", "seller",
    )  # fmt: skip
    refused(Client(system.url, login, PASSWORD).request("GET", EXPORT), 403, "permission_missing")
