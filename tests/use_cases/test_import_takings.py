"""Row P8: the rows of a chunk are persons who are there, known again by many signs, or new ones; few reads for all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.people.categories.model import Category, Characteristic
from tests.support.builders import people
from tests.support.builders.csv_taking import Registry, document_of_person, spoiled, written

HOUSE = {"street": "Rua A", "number": "007", "complement": "10-12", "city": "Santos", "state": "SP",
         "postal_code": "01310-100"}  # fmt: skip


@pytest.fixture
def registry() -> Registry:
    return Registry()


def full(registry: Registry) -> None:
    """Persons with all that an export writes."""
    own = (Category("c" * 32, "Aluno; tarde", "aluno; tarde"), Characteristic("d" * 32, "Ouro", "ouro"))
    registry.memory.run(lambda tx: (tx.categories.add(own[0]), tx.characteristics.add(own[1])))
    registry.register(
        "Açaí & Filhos", short_name="=Açaí", trade_name="Açaí; Guaraná", document="01234567000195",
        state_registration="110.042.490.114", state_registration_state="SP",
        categories=["client", "c" * 32], characteristics=["d" * 32],
        emails=[{"address": "a@x.example"}, {"address": "b@x.example", "main": True}],
        phones=[{"number": "11 3456-7890 ramal 12"}, {"number": "+1 650 253 0000"}],
        addresses=[HOUSE, {"kind": "billing", "street": "Rua B", "city": "Niterói", "state": "RJ"}],
        contacts=[{"name": "Rita", "email": "r@x.example", "phone": "21988887777"}, {"name": "Zé"}],
        own=("c" * 32, "d" * 32),
    )  # fmt: skip
    registry.register("-", document="01234567890")
    registry.register("Só Nome de Łódź", addresses=[{**HOUSE, "street": "Rua Łódź"}], contacts=[{"name": "Paweł"}])
    registry.register("José Silva", phones=[{"number": "11987654321"}])
    registry.register("José Silva", phones=[{"number": "11987654321"}])


def outcomes(lines: list[dict[str, Any]]) -> list[str]:
    return [line["outcome"] for line in lines]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("existing", ["skip", "update"])
def test_what_was_exported_and_saved_by_a_spreadsheet_is_the_same_persons(
    registry: Registry, existing: str, encoding: str
) -> None:
    full(registry)
    before = [document_of_person(person) for person in registry.persons]
    lines = registry.run(written(registry.export(), spoiled, encoding), existing)
    assert outcomes(lines) == ["existing"] * 5
    assert [line["code"] for line in lines] == [1, 2, 3, 4, 5]
    assert [document_of_person(person) for person in registry.persons] == before


def test_another_company_gets_the_exported_persons_with_what_it_knows(registry: Registry) -> None:
    full(registry)
    other = Registry()
    lines = other.run(written(registry.export(), spoiled))
    assert outcomes(lines) == ["registered"] * 4 + ["existing"]
    assert other.person("Açaí & Filhos").categories == ["client"]
    assert "Categorias: um nome que a empresa não tem." in lines[0]["left_out"]


@pytest.mark.parametrize(
    ("title", "cell", "field", "value", "told"),
    [
        ("Nome", "Açaí Ltda.", "name", "Açaí Ltda.", "Nome"),
        ("Nome curto", "Açaizeiro", "short_name", "Açaizeiro", "Nome curto"),
        ("Nome comercial", "Açaí", "trade_name", "Açaí", "Nome comercial"),
        ("CPF ou CNPJ", "11.222.333/0001-81", "document", "11222333000181", "CPF ou CNPJ"),
        ("Categorias", "Cliente; Fornecedor", "categories", ["client", "supplier"], "Categorias"),
    ],
)
def test_a_changed_cell_changes_the_person_and_the_report_says_so(
    registry: Registry, title: str, cell: str, field: str, value: Any, told: str
) -> None:
    full(registry)
    rows = registry.export()
    rows[0][title] = cell
    line, *others = registry.run(written(rows, spoiled), "update")
    assert (line["outcome"], line["changed"]) == ("updated", [told])
    assert outcomes(others) == ["existing"] * 4
    changed = registry.persons[0]
    assert (getattr(changed, field), changed.version) == (value, 2)


def test_a_list_of_an_export_is_said_whole(registry: Registry) -> None:
    full(registry)
    rows = registry.export()
    rows[0] |= {"E-mails": "b@x.example; novo@x.example", "Telefones": "(11) 3456-7890 ramal 12", "Número": "8"}
    rows[0] |= {"Contatos": rows[0]["Contatos"].replace("+5521988887777", "21977776666")}
    (line, *_) = registry.run(written(rows, spoiled), "update")
    assert line["changed"] == [
        "E-mails (1 acrescentado, 1 retirado)", "Telefones (1 retirado)", "Número", "Contatos (1 alterado)"
    ]  # fmt: skip
    person = registry.persons[0]
    assert sorted(item["address"] for item in person.emails) == ["b@x.example", "novo@x.example"]
    assert [(item["number"], item["complement"]) for item in person.addresses if item["main"]] == [("8", "10-12")]
    assert [item["phone"] for item in person.contacts] == ["+5521977776666", None]


def test_a_value_that_cannot_be_read_takes_nothing_away(registry: Registry) -> None:
    full(registry)
    rows = registry.export()
    rows[0] |= {
        "E-mails": "b@x.example; estragado@",
        "Telefones": "1,13457E+10",
        "CEP": "x",
        "Categorias": "Cliente; ?",
    }
    (line, *_) = registry.run(written(rows), "update")
    assert (line["outcome"], line["changed"]) == ("existing", [])
    assert len(line["left_out"]) == 4
    assert len(registry.persons[0].emails) == len(registry.persons[0].phones) == 2


def test_the_rows_of_a_chunk_are_one_event(registry: Registry) -> None:
    known = registry.register("Rosa Melo", document="52998224725")
    rows = ("Rosa Melo;529.982.247-25;Rosinha", "Bia Sá;;Bia", "Rosa Melo;529.982.247-25;Rosinha")
    registry.run("\n".join(("nome;cpf;fantasia", *rows)), "update")
    told = [json.loads(row["envelope"]) for row in registry.memory.documents("outbox")]
    assert [(one["name"], one["sequence"]) for one in told] == [("persons_imported", 2)]
    said = [(one["name"], one["short_name"], one["registered"]) for one in told[0]["data"]["persons"]]
    assert said == [("Bia Sá", "Bia", True), ("Rosa Melo", "Rosinha", False)]
    assert told[0]["data"]["persons"][1]["version"] == known.version + 1


def test_rows_that_change_nobody_are_no_event(registry: Registry) -> None:
    registry.register("Rosa Melo", document="52998224725")
    registry.run("nome;cpf\nRosa Melo;529.982.247-25\n;111\n")
    assert registry.memory.documents("outbox") == []


def test_an_empty_cell_and_an_absent_column_change_nothing(registry: Registry) -> None:
    full(registry)
    rows = registry.export()
    for row in rows:
        row |= dict.fromkeys(("Nome curto", "E-mails", "Telefones", "Contatos", "Outros endereços", "Categorias"), "")
        del row["CEP"], row["Logradouro"]
    before = [document_of_person(person) for person in registry.persons]
    assert outcomes(registry.run(written(rows), "update")) == ["existing"] * 5
    assert [document_of_person(person) for person in registry.persons] == before


@pytest.mark.parametrize(
    "row",
    [
        "Outro Nome;;529.982.247-25;;",
        "Rosa Melo;;;ROSA@x.example;",
        "rosa  melo;;;;11 98765-4321",
        "ROSA MELO;;;z@x.example;(11) 3456-7890",
        "Rosa Melo;1;;;",
        "Rosa M.;1;;rosa@x.example;",
    ],
)
def test_somebody_registered_by_hand_is_known_again(registry: Registry, row: str) -> None:
    registry.register(
        "Rosa Melo", document="52998224725", emails=[{"address": "rosa@x.example"}],
        phones=[{"number": "1134567890"}, {"number": "11987654321", "main": True}],
    )  # fmt: skip
    (line,) = registry.run(f"nome;código;cpf;e-mail;telefone\n{row}\n")
    assert (line["outcome"], line["code"]) == ("existing", 1)


@pytest.mark.parametrize(
    "row",
    [
        "Bia Sá;1;;;",  # a code of another program
        "Rosa Melo;;111.444.777-35;rosa@x.example;",  # a namesake, or another branch
        "Bia Sá;;;rosa@x.example;",  # an e-mail that two share
        "Rosa Melo;;;outra@x.example;",
    ],
)
def test_somebody_else_is_registered(registry: Registry, row: str) -> None:
    registry.register("Rosa Melo", document="52998224725", emails=[{"address": "rosa@x.example"}])
    (line,) = registry.run(f"nome;código;cpf;e-mail;telefone\n{row}\n")
    assert (line["outcome"], line["code"]) == ("registered", 2)


def test_a_row_of_another_program_adds_and_its_main_ones_become_the_main_ones(registry: Registry) -> None:
    registry.register("Rosa Melo", document="52998224725", emails=[{"address": "rosa@x.example"}])
    text = "nome;cpf;e-mail;telefone;endereço;cidade;uf;fantasia\n"
    text += "ROSA MELO;529.982.247-25;nova@x.example;11 3456-7890;Rua A;Santos;SP;Rosinha\n"
    (line,) = registry.run(text, "update")
    assert line["changed"] == [
        "Nome curto", "E-mails (1 acrescentado, outro principal)", "Telefones (1 acrescentado)", "Endereço"
    ]  # fmt: skip
    (person,) = registry.persons
    assert (person.name, person.main_email) == ("Rosa Melo", "nova@x.example")
    assert outcomes(registry.run(text, "update")) == ["existing"]


def test_what_the_person_cannot_take_is_told(registry: Registry) -> None:
    registry.register("Rosa Melo", document="52998224725", emails=[{"address": f"r{n}@x.example"} for n in range(20)])
    text = "nome;cpf;categoria;e-mail;fantasia\nRosa Melo;529.982.247-25;Cliente;mais@x.example;\n"
    (line,) = registry.run(text, "update")
    assert (line["outcome"], line["changed"]) == ("existing", [])
    assert line["left_out"] == ["Categorias: falta o que um cliente precisa ter.", "E-mails: só cabem 20."]
    (line,) = registry.run(text.replace("com;", "com;").replace(";\n", ";Rosinha\n"), "update")
    assert line["changed"] == ["Nome curto", "Categorias"]


def test_two_lines_about_one_person_are_one_person(registry: Registry) -> None:
    text = "nome;cpf;telefone\nAna Sá;529.982.247-25;\nAna Sá;529.982.247-25;11 3456-7890\n"
    assert outcomes(registry.run(text, "update")) == ["registered", "updated"]
    assert [item["number"] for item in registry.person("Ana Sá").phones] == ["+551134567890"]


def test_a_document_of_somebody_else_is_not_taken_over(registry: Registry) -> None:
    full(registry)
    rows = registry.export()
    rows[2]["CPF ou CNPJ"] = "012.345.678-90"
    line = registry.run(written(rows), "update")[2]
    assert (line["outcome"], line["reason"]) == ("refused", "O documento é da pessoa 2.")


def test_whose_data_were_erased_does_not_come_back(registry: Registry) -> None:
    person = registry.register("Rosa Melo", document="52998224725")
    person.erased_at = person.created_at
    registry.change(person)
    (line,) = registry.run("nome;cpf\nRosa;529.982.247-25\n", "update")
    assert (line["outcome"], line["reason"]) == ("refused", "Os dados desta pessoa foram eliminados a pedido dela.")


def test_a_rehearsal_says_the_same_and_registers_nobody(registry: Registry) -> None:
    full(registry)
    rows = registry.export()
    rows[0]["Nome"] = "Outro"
    text = written([*rows, {**rows[3], "Identificador": "", "Código": "", "Nome": "Nova Pessoa"}])
    before = registry.persons
    rehearsed = registry.run(text, "update", dry_run=True)
    assert registry.persons == before
    told = registry.run(text, "update")
    assert [{**line, "code": 0} for line in rehearsed] == [{**line, "code": 0} for line in told]


@pytest.mark.parametrize("existing", ["skip", "update"])
def test_50_rows_cost_a_few_reads_whoever_they_are(registry: Registry, existing: str) -> None:
    rows = [f"Ana {n} Sá;{people.cpf()};ana{n}@x.example;{people.phone()}" for n in range(50)]
    text = "\n".join(["nome;cpf;e-mail;telefone", *rows])
    for _ in range(2):  # the first time they are new, the second time they are there
        before = registry.reads()
        assert len(registry.run(text, existing)) == 50
        assert (registry.reads() - before).total() <= 10
    changed = text.replace("@x.example", "@y.example")
    before = registry.reads()
    registry.run(changed, existing)
    assert (registry.reads() - before).total() <= 15
