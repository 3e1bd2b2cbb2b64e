"""Row P8: a CSV is looked at, corrected, imported line by line with its errors, and never by halves."""

from __future__ import annotations

import datetime as dt

from services.people.imports.model.imports import MOST_OPEN
from tests.support.builders import people
from tests.support.builders.csv_import import IMPORTS, NOBODY, file_of, found, report, run, upload
from tests.support.problems import refused
from tests.support.stack.system import PASSWORD, Client, System


def test_the_user_corrects_columns_encoding_and_separator(ana: Client) -> None:
    word = people.unique_word()
    path = f"{IMPORTS}/{upload(ana, f'quem|onde{chr(10)}{word}|{word.lower()}@x.example{chr(10)}')['id']}"
    refused(ana.request("POST", f"{path}/start", json={}), 422, "import_mapping_invalid")
    refused(
        ana.request("PATCH", path, json={"columns": [{"index": 7, "field": "name"}]}), 422, "import_mapping_invalid"
    )
    refused(ana.request("PATCH", path, json={"columns": [{"index": 0, "field": "idade"}]}), 422, "input_invalid")
    twice = [{"index": 0, "field": "name"}, {"index": 1, "field": "name"}]
    refused(ana.request("PATCH", path, json={"columns": twice}), 422, "import_mapping_invalid")
    mapping = [{"index": 0, "field": "name"}, {"index": 1, "field": "emails"}]
    changed = ana.request("PATCH", path, json={"columns": mapping, "category_id": "supplier"}).json()
    assert [column["field"] for column in changed["columns"]] == ["name", "emails"]
    assert changed["category"] == {"id": "supplier", "name": "Fornecedor"}
    assert run(ana, changed["id"])["counts"] == {**NOBODY, "registered": 1}
    (person,) = found(ana, word)
    assert people.ids_of(person["categories"]) == ["supplier"]
    assert person["emails"][0]["address"] == f"{word.lower()}@x.example"
    changed = ana.request("PATCH", path, json={"separator": ","})
    refused(changed, 409, "import_done")


def test_a_company_that_has_too_many_open_imports_ends_one_before_the_next(system: System, ana: Client) -> None:
    rows, company = system.mongo("people")["imports"], ana.session["company"]["id"]
    waiting = [{"_id": f"open-{number}", "company": company, "state": "previewed"} for number in range(MOST_OPEN)]
    rows.insert_many([{**one, "created_at": dt.datetime.now(dt.UTC)} for one in waiting])
    try:
        refused(
            ana.request("POST", IMPORTS, files={"file": ("a.csv", b"nome\nAna\n", "text/csv")}), 409, "imports_full"
        )
    finally:
        rows.delete_many({"_id": {"$in": [one["_id"] for one in waiting]}})
    assert upload(ana, "nome\nAna\n")["state"] == "previewed"


def test_another_separator_reads_the_header_again(ana: Client) -> None:
    uploaded = upload(ana, "nome,um;nota\nAna,1;2\n")
    changed = ana.request("PATCH", f"{IMPORTS}/{uploaded['id']}", json={"separator": ";", "encoding": "utf-8"}).json()
    assert [column["header"] for column in changed["columns"]] == ["nome,um", "nota"]


def test_importing_again_makes_no_second_person(ana: Client) -> None:
    word = people.unique_word()
    text = file_of(word, 20) + f"{word} sem nada;;;;;;\r\n"
    run(ana, upload(ana, text)["id"])
    assert run(ana, upload(ana, text)["id"])["counts"] == {**NOBODY, "existing": 21}
    assert len(found(ana, word)) == 21


def test_a_probable_duplicate_is_registered_and_warned_of_as_by_hand(ana: Client) -> None:
    word = people.unique_word()
    address, phone = f"{word.lower()}@x.example", people.phone()
    known = ana.register(
        f"Rosa {word}", document=people.cpf(), emails=[{"address": address}], phones=[{"number": phone}]
    )
    rows = [f"Rosa {word};{people.cpf()};{address};", f"Outra {word};{people.cpf()};;{phone}", f"Nova {word};;;"]
    uploaded = upload(ana, "\n".join(["nome;cpf;e-mail;telefone", *rows]) + "\n")["id"]
    rehearsed = run(ana, uploaded, dry_run=True)
    assert rehearsed["counts"] == {**NOBODY, "registered": 3, "warned": 2}
    assert found(ana, f"nova {word}") == []
    done = run(ana, uploaded)
    assert done["counts"] == {**NOBODY, "registered": 3, "warned": 2}
    warnings = [line[4] for line in report(ana, uploaded)]
    assert warnings == [
        f"Provável duplicata da pessoa {known['code']}: mesmo e-mail e mesmo nome.",
        f"Provável duplicata da pessoa {known['code']}: mesmo telefone.",
        "",
    ]
    assert [line[0] for line in report(ana, uploaded, outcome="warned")] == ["2", "3"]
    pairs = ana.get("/v1/persons/duplicates", params={"person_id": known["id"]})["items"]
    assert [pair["score"] for pair in pairs] == [90, 70]


def test_a_line_that_comes_twice_is_one_person(ana: Client) -> None:
    word = people.unique_word()
    header, line = file_of(word, 1).splitlines()
    done = run(ana, upload(ana, "\n".join([header, line, line, line]))["id"])
    assert done["counts"] == {**NOBODY, "registered": 1, "existing": 2}


def test_a_file_changes_who_is_there_when_asked_and_the_report_says_what(ana: Client) -> None:
    word, document = people.unique_word(), people.cpf()
    known = ana.register(word, document=document, phones=[{"number": "1133334444"}])
    text = f"nome,cpf,email,fone\nOutra {word},{document},novo@x.example,1155556666\n"
    assert run(ana, upload(ana, text)["id"])["counts"]["existing"] == 1
    uploaded = upload(ana, text)["id"]
    ana.request("PATCH", f"{IMPORTS}/{uploaded}", json={"existing": "update"})
    assert run(ana, uploaded)["counts"]["updated"] == 1
    person = ana.get(f"/v1/persons/{known['id']}")
    assert (person["name"], person["version"]) == (f"Outra {word}", 2)
    assert [phone["number"] for phone in person["phones"]] == ["+551133334444", "+551155556666"]
    assert [email["address"] for email in person["emails"]] == ["novo@x.example"]
    told = "Nome; E-mails (1 acrescentado); Telefones (1 acrescentado, outro principal)"
    assert report(ana, uploaded) == [["2", "atualizada", str(known["code"]), "", "", "", told]]


def test_a_dry_run_reports_and_registers_nobody(ana: Client) -> None:
    word = people.unique_word()
    uploaded = upload(ana, file_of(word, 30, bad_every=10))["id"]
    rehearsed = run(ana, uploaded, dry_run=True)
    assert (rehearsed["state"], rehearsed["counts"]["registered"], rehearsed["counts"]["refused"]) == (
        "previewed",
        27,
        3,
    )
    assert len(report(ana, uploaded, outcome="refused")) == 3
    assert found(ana, word) == []
    assert run(ana, uploaded)["counts"]["registered"] == 27


def test_odd_lines_cost_nobody_but_themselves(ana: Client) -> None:
    word = people.unique_word()
    lines = [
        "nome,email,fone",
        f'"{word} duas\nlinhas",,',
        "",
        f'{word} aspas,"aberta,',
        f"{word} depois,,",
        f"{word} curta",
        f"{word} longa,,,,demais",
        f"{word} {'x' * 200},,",
        f"{word}\0 nulo,,",
        f"{word} fone,,123",
        f"{word} correio,a@,",
        ",,",
        f"=cmd {word},,'+55{people.phone()}",
    ]
    uploaded = upload(ana, "\n".join(lines))["id"]
    done = run(ana, uploaded)
    assert done["counts"] == {**NOBODY, "registered": 7, "refused": 3, "left_out": 2}
    names = {person["name"] for person in found(ana, word)}
    assert names == {
        f"{word} duas linhas", f"{word} depois", f"{word} curta", f"{word} nulo", f"{word} fone", f"{word} correio",
        f"=cmd {word}",
    }  # fmt: skip
    reasons = {line[0]: line[3] for line in report(ana, uploaded, outcome="refused")}
    assert reasons == {
        "5": "Linha ilegível: verifique as aspas e as quebras de linha.",
        "8": "A linha tem 5 colunas, e o cabeçalho tem 3.",
        "9": "Nome: no máximo 150 caracteres.",
    }
    left_out = {line[0]: line[5] for line in report(ana, uploaded, outcome="left_out")}
    assert left_out == {
        "11": "fone: não é um telefone com DDD e número.",
        "12": "email: não é um e-mail válido.",
    }


def test_what_is_no_csv_or_no_file_is_refused(ana: Client) -> None:
    for content in (b"PK\x03\x04\x00\x00", b"\n\n", b"x" * 2_000_000):
        answer = ana.request("POST", IMPORTS, files={"file": ("x.csv", content)})
        refused(answer, 422, "import_file_unreadable")
    refused(ana.request("POST", IMPORTS, files={"file": ("x.csv", b"")}), 422, "import_file_unreadable")
    refused(ana.request("POST", IMPORTS, data={"layout": "auto"}), 422, "import_file_missing")
    refused(ana.request("GET", f"{IMPORTS}/nenhuma"), 404, "import_not_found")


def test_who_may_only_read_imports_nothing(system: System) -> None:
    login = f"{people.unique_word().lower()}@padaria.example"
    system.run(
        "-m", "deploy.operations", "user", "create", "--login", login, "--name", "Vera",
        "--company", "padaria", "--role", "viewer",
    )  # fmt: skip
    vera = Client(system.url, login, PASSWORD)
    refused(vera.request("POST", IMPORTS, files={"file": ("x.csv", b"nome\nAna\n")}), 403, "permission_missing")
