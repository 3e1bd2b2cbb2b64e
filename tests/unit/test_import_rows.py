"""Row P8: a row is a person with all that it says, or the report says what was left out of it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.people.categories.model import Category, Characteristic
from services.people.imports.model.cells import DigitsLost, document_of, emails_of, whole
from services.people.imports.model.naming import Catalogue
from services.people.imports.model.phone_cells import Phones, phones_of
from services.people.imports.model.rows import LONGEST_CELL, LONGEST_LIST, LONGEST_ROW
from services.people.imports.rows import Row
from services.people.shared.fields import find_document
from tests.support.builders.csv_rows import outcome_of, read, read_file

DOCUMENTS = ("01234567890", "00000000191", "00000000000191", "01234567000195")


def line(content: str, **own: Any) -> dict[str, Any]:
    """What came of the one row of a file."""
    (row,) = read_file(content, **own).rows.values()
    return outcome_of(row)


def row(header: str, cells: str) -> Row:
    (found,) = read_file(f"{header}\n{cells}\n").rows.values()
    return found


def test_of_several_columns_of_one_meaning_the_first_filled_one_is_the_main_one() -> None:
    header = (
        "nome;cpf;cnpj;e-mail;e-mail 2;telefone;celular;empresa;empresa 2;endereço;cidade;uf;endereço 2;cidade 2;uf 2"
    )
    row = "Ana;;11.222.333/0001-81;;b@x.com;;11 98765-4321;;Lua;;;;Rua B;Santos;SP"
    assert line(f"{header}\n{row}\n") == {
        "name": "Ana", "trade_name": "Lua", "document": "11222333000181", "emails": ["b@x.com"],
        "phones": ["+5511987654321"], "addresses": ["main: Rua B, Santos, SP"],
    }  # fmt: skip


def test_further_values_are_kept_behind_the_main_one() -> None:
    header = "nome;razão social;fantasia;apelido;e-mail;e-mail;telefone;telefone;"
    header += "cobrança endereço;cidade cobrança;uf cobrança"
    row = "Ana;Ana Comércio;Aninha;Naná;a@x.com;b@x.com;11 3456-7890;11 98765-4321;Rua C;Santos;SP"
    found = line(f"{header}\n{row}\n")
    assert (found["short_name"], found["trade_name"]) == ("Aninha", "Ana Comércio; Naná")
    assert found["emails"] == ["a@x.com", "b@x.com"]
    assert found["phones"] == ["+551134567890", "+5511987654321"]
    assert "left_out" not in found


def test_what_one_person_cannot_have_twice_is_told() -> None:
    found = line("nome;cpf;cnpj\nAna;529.982.247-25;11.222.333/0001-81\n")
    assert found["document"] == "52998224725"
    assert found["left_out"] == ["cnpj: uma pessoa tem um documento só, e outra coluna já o deu."]


@pytest.mark.parametrize("spoiled", ["{}", "'{}", '="{}"', "{}.0", "{},00", " {} ", "´{}"])
@pytest.mark.parametrize("document", DOCUMENTS)
def test_leading_zeros_come_back_where_the_check_digits_agree(document: str, spoiled: str) -> None:
    title = "cpf" if len(document) == 11 else "cnpj"
    for digits in (document, document.lstrip("0")):
        if len(digits) > 3 or spoiled in ("{}", "'{}"):
            cell = spoiled.format(digits).replace('"', '""')
            assert line(f'nome;{title};nota\nAna;"{cell}";\n')["document"] == document, cell


@given(st.integers(1, 10**14 - 1))
def test_a_number_is_only_the_document_whose_check_digits_it_has(number: int) -> None:
    found = document_of(str(number))
    assert found is None or (found == find_document(found) and int(found) == number)


@given(st.integers(10**9, 10**14 - 1), st.integers(0, 13))
def test_scientific_notation_gives_all_digits_or_says_that_they_are_lost(number: int, kept: int) -> None:
    digits = str(number)
    exponent = len(digits) - 1
    for sign in ".,":
        text = f"{digits[0]}{sign}{digits[1 : 1 + kept]}E+{exponent}"
        if kept >= exponent:
            assert whole(text) == digits
        else:
            with pytest.raises(DigitsLost):
                whole(text)


def test_a_document_may_say_what_it_is() -> None:
    assert line("nome;documento\nAna;CPF: 529.982.247-25\n") == {"name": "Ana", "document": "52998224725"}


@pytest.mark.parametrize("number", ["0750000100109", "750000100109", "'0750000100109", "07.500.001/001-09"])
def test_a_state_registration_gets_its_zero_back_where_its_state_begins_with_one(number: str) -> None:
    assert line(f"nome;ie;uf\nAna;{number};DF\n")["state_registration"] == "0750000100109"


def test_an_apostrophe_before_a_number_is_a_spreadsheets() -> None:
    found = line("nome;número;logradouro;cidade;uf\nJoana d'Arc;'007;Rua d'Água;Santos;SP\n")
    assert (found["name"], found["addresses"]) == ("Joana d'Arc", ["main: Rua d'Água, 007, Santos, SP"])


def test_a_document_whose_digits_are_gone_is_refused_and_says_why() -> None:
    found = line("nome;cnpj\nAna;1,12223E+13\n")
    assert found == {"refused": "cnpj: a planilha perdeu dígitos (notação científica); corrija o arquivo."}


def test_what_may_be_two_documents_is_none() -> None:
    assert document_of("191") is None
    assert document_of("191", (14,)) == "00000000000191"


@pytest.mark.parametrize(
    "empty", ["-", "--", "N/A", "n/d", "#N/D", "#N/A", "#REF!", "#VALOR!", "NULL", "não informado", "?"]
)
@pytest.mark.parametrize(
    "title", ["e-mail", "telefone", "cpf", "cnpj", "ie", "cep", "endereço", "categoria", "contatos"]
)
def test_a_placeholder_is_no_value_and_is_told(title: str, empty: str) -> None:
    found = line(f"nome;{title};nota\nAna;{empty};x\n")
    assert found == {"name": "Ana", "left_out": [f"{title}: sem valor."]}


@pytest.mark.parametrize(
    ("title", "cell", "why"),
    [
        ("telefone", "11 98765-43O1 / 11 3456-7890", "telefone: não é um telefone com DDD e número."),
        ("e-mail", "ana@; ana@x.com", "e-mail: não é um e-mail válido."),
        ("cidade", "Santos", "Endereço: falta o logradouro e a UF."),
        ("cep", "1310", "CEP: não é um CEP."),
        ("ie", "110.042", "ie: falta a UF."),
        ("categoria", "Sócio", "categoria: um nome que a empresa não tem."),
        ("outros endereços", "Rua A, 1", "Outros endereços: um texto que não foi escrito por uma exportação."),
        ("contatos", '[{"phone": 1}]', "Contatos: 1 com valor inválido."),
        ("documento", "contrato novo", "documento: não é um CPF ou CNPJ válido."),
        ("nome curto", "x" * 90, "Nome curto: encurtado para 60 caracteres."),
    ],
)
def test_the_person_comes_in_and_the_report_says_what_was_left_out(title: str, cell: str, why: str) -> None:
    quoted = cell.replace('"', '""')
    found = line(f'nome;{title};nota\nAna;"{quoted}";\n')
    assert found["name"] == "Ana"
    assert why in found["left_out"]
    assert not any(part in " ".join(found["left_out"]) for part in ("3456", "98765", "ana@x", "1310", "110.042"))


def test_good_phones_stay_beside_a_bad_one() -> None:
    assert phones_of("123; 11 3456-7890 r. 12 / 11 98765-4321") == Phones(["11 3456-7890 r. 12", "11 98765-4321"], 1)


@pytest.mark.parametrize(
    ("cell", "numbers", "why"),
    [
        ("(11) 3456-7890 / 98765-4321", ["+551134567890", "+5511987654321"], ""),
        ("11 3456-7890, 11 98765-4321 e 21 2222-3333", ["+551134567890", "+5511987654321", "+552122223333"], ""),
        ("11 34567890 11 987654321", ["+551134567890", "+5511987654321"], ""),
        ("11 3456 7890 - 11 98765 4321", ["+551134567890", "+5511987654321"], ""),
        ('"11 3456-7890\n11 98765-4321"', ["+551134567890", "+5511987654321"], ""),
        ("+55 11 98765-4321 (WhatsApp)", ["+5511987654321"], "telefones: um texto ao lado do número."),
        ("Rita: (11) 3456-7890", ["+551134567890"], "telefones: um texto ao lado do número."),
        ("11 98765-43O1", [], "telefones: não é um telefone com DDD e número."),
        ("11 3456-7890/7891", ["+551134567890"], "telefones: não é um telefone com DDD e número."),
        ("3456-7890", [], "telefones: não é um telefone com DDD e número."),
    ],
)
def test_several_phones_in_one_cell(cell: str, numbers: list[str], why: str) -> None:
    found = line(f"nome;telefones;nota\nAna;{cell};\n")
    assert found.get("phones", []) == numbers
    assert found.get("left_out", []) == ([why] if why else [])


@pytest.mark.parametrize(
    "cell", ["Rua A, 10 - Centro, Santos - SP, 11000-000", "Rua A, 10 - Centro - Santos/SP - CEP: 11000-000, Brasil"]
)
def test_a_whole_address_in_one_cell_is_an_address(cell: str) -> None:
    (address,) = line(f"nome;endereço;nota\nAna;{cell};\n")["addresses"]
    assert address == "main: Rua A, 10 - Centro, Santos, SP, 11000-000"


@pytest.mark.parametrize("cell", ["Santos/SP", "Santos - SP", "Santos (SP)", "Santos, sp"])
def test_city_and_state_in_one_column_are_both(cell: str) -> None:
    assert line(f"nome;endereço;cidade/uf\nAna;Rua A;{cell}\n")["addresses"] == ["main: Rua A, Santos, SP"]


def test_a_second_line_of_the_street_is_no_second_address() -> None:
    found = line("nome;endereço 1;endereço 2;cidade;uf\nAna;Rua A, 10;Sala 2;Santos;SP\n")
    assert found == {"name": "Ana", "addresses": ["main: Rua A, 10, Sala 2, Santos, SP"]}


def test_an_area_code_and_an_extension_in_columns_of_their_own_belong_to_the_number_beside_them() -> None:
    found = line("nome;ddd;telefone;ramal;ddd celular;celular\nAna;011;3456-7890;12;13;98765-4321\n")
    assert found == {"name": "Ana", "phones": ["+551134567890 ramal 12", "+5513987654321"]}


@pytest.mark.parametrize("row", ["Ana", "Ana;", "Ana;;", "Ana;;;", "Ana;;;;;;", "Ana;;; ;"])
def test_shorter_rows_and_rows_longer_by_empty_cells_are_read(row: str) -> None:
    assert line(f"nome;e-mail;telefone\n{row}\n") == {"name": "Ana"}


def test_a_row_with_something_beyond_the_header_is_refused() -> None:
    assert line("nome;e-mail\nAna;a@x.com;;Rua\n") == {"refused": "A linha tem 4 colunas, e o cabeçalho tem 2."}


@pytest.mark.parametrize("above", ["Clientes\n", "Clientes;;;\n\n", "Padaria;Sol;Ltda\nEmitido em;01/01/2026;\n;;\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_a_title_above_the_header_and_any_line_end_are_read(above: str, end: str) -> None:
    content = f"{above}Nome;E-mail;Telefone\nAna;a@x.com;\nBia;b@x.com;\n".replace("\n", end)
    found = [outcome_of(row) for row in read_file(content).rows.values()]
    assert found == [{"name": "Ana", "emails": ["a@x.com"]}, {"name": "Bia", "emails": ["b@x.com"]}]


@given(st.lists(st.text('ab;é" 1', max_size=8), max_size=30), st.sampled_from(["\n", "\r\n", "\r"]))
def test_an_old_macs_file_is_read_as_any_other(rows: list[str], end: str) -> None:
    content = "\n".join(["nome;e-mail", *rows, ""])
    assert [r.cells for r in read(content.replace("\n", end))[1]] == [r.cells for r in read(content)[1]]


@pytest.mark.parametrize("header", ["Nome", "Nome;Observação", "Observação;Cliente"])
def test_a_title_may_stand_above_one_known_column(header: str) -> None:
    column = header.split(";").index("Nome" if "Nome" in header else "Cliente")
    row = ";" * column + "Ana" + ";" * (header.count(";") - column)
    assert line(f"Lista de clientes\nEmitida em 01/11/2026\n{header}\n{row}\n") == {"name": "Ana"}


def test_carriage_returns_inside_cells_make_no_old_macs_file() -> None:
    found = read_file('nome;e-mail\nAna;"a@x.com\rb@x.com\rc@x.com"\n"Bia\rMelo";\n').rows
    assert [outcome_of(row)["name"] for row in found.values()] == ["Ana", "Bia Melo"]


@pytest.mark.parametrize(
    "footer",
    ["Total;;", "Total geral;12;", "TOTAL DE CLIENTES;;1.234,00", "Página 2 de 3;;", "Emitido em 01/01/2026;;"],
)
def test_lines_of_totals_and_pages_are_no_persons(footer: str) -> None:
    assert line(f"nome;e-mail;telefone\n{footer}\n") == {"refused": "Linha de totais ou de rodapé, sem pessoa."}


@pytest.mark.parametrize("name", ["Total Energies", "Total", "Página Um", "Fim de Tarde Bar"])
def test_a_company_that_is_called_like_a_footer_comes_in(name: str) -> None:
    assert line(f"nome;e-mail;telefone\n{name};a@x.com;\n")["name"] == name


def test_a_header_on_every_page_is_no_person() -> None:
    found = read_file("nome;e-mail\nAna;\nnome;e-mail\nBia;\n").rows
    assert [row.person and row.person.name for row in found.values()] == ["Ana", "Bia"]


def test_own_categories_and_characteristics_are_known_by_name() -> None:
    own = {
        "categories": [Category("c1", "Aluno; tarde", "aluno tarde"), Category("c2", "Sócio", "socio", active=False)],
        "characteristics": [Characteristic("t1", "Ouro", "ouro"), Characteristic("t2", "Ouro, prata", "ouro prata")],
    }
    found = line("nome;categorias;características\nAna;aluno; TARDE;Fornecedor\n".replace("aluno; TARDE;Fornecedor",
                 '"aluno; TARDE; Fornecedor; Sócio";"Ouro, prata; OURO; Bronze"'), **own)  # fmt: skip
    assert (found["categories"], found["characteristics"]) == (["c1", "supplier"], ["t2", "t1"])
    assert len(found["left_out"]) == 2


def test_who_lacks_what_a_client_needs_comes_in_without_that_category() -> None:
    found = line("nome;categoria\nAna;Cliente\n")
    assert "categories" not in found
    assert found["left_out"][0].startswith("Categorias: falta para cliente")
    assert "refused" in line("nome;categoria\nAna;Cliente\n", category="client")


def test_the_companys_name_and_the_persons_name_are_both_kept() -> None:
    assert line("nome;empresa;telefone\nAna;Sol;\n") == {"name": "Ana", "trade_name": "Sol"}
    assert line("nome;empresa;telefone\n;Sol;\n") == {"name": "Sol"}


def test_a_spreadsheets_date_is_no_number_of_a_house() -> None:
    found = line("nome;endereço;número;cidade;uf\nAna;Rua A;10/dez;Santos;SP\n")
    assert found["addresses"] == ["main: Rua A, Santos, SP"]
    assert found["left_out"] == ["Número: parece uma data que a planilha criou."]


@pytest.mark.parametrize(
    ("cell", "addresses", "bad"),
    [
        ("a@x.example e b@x.example OU c@x.example - d@x.example", "abcd", 0),
        ("Rita <a@x.example>, 'b@x.example'; (c@x.example)", "abc", 0),
        ("mailto:a@x.example. a@x.example", "a", 0),
        ("a@x.example sem b@", "a", 2),
        ("não tem", "", 2),
        ("", "", 0),
    ],
)
def test_a_cell_is_read_as_its_addresses_and_what_is_none_is_counted(cell: str, addresses: str, bad: int) -> None:
    assert emails_of(cell) == ([f"{name}@x.example" for name in addresses], bad)


HOSTILE = [
    *("x" + " " * 120_000 + "x", "1" + "-" * 120_000 + "!", "0" * 120_000 + "x", "'" + "1" * 120_000 + "x"),
    *("; ".join(["é" * 600] * 200), "1/" * 60_000, "<" + "a@" * 60_000, "'" * 60_000 + " " * 60_000 + "x"),
]
READ = ["Categorias", "Telefone", "E-mail", "Endereço", "Cidade/UF", "Contatos", "CEP", "Inscrição estadual"]


@pytest.mark.parametrize("title", READ)
def test_a_cell_as_long_as_a_csv_holds_takes_no_time_and_the_person_comes_in(title: str) -> None:
    began = time.process_time()
    found = [row(f"Nome;{title}", f'Ana;"{cell}"') for cell in HOSTILE]
    assert time.process_time() - began < 5
    assert [one.reason for one in found] == [None] * len(HOSTILE)
    assert f"{title}: texto longo demais." in found[-1].left_out + found[1].left_out


@pytest.mark.parametrize("title", ["Nome", "CPF"])
def test_a_row_is_refused_where_what_is_too_long_says_who_it_is(title: str) -> None:
    cells = {"Nome": "Ana", "CPF": "", title: "x" * (LONGEST_CELL + 1)}
    assert row("Nome;CPF", f"{cells['Nome']};{cells['CPF']}").reason == f"{title}: texto longo demais."


def test_a_row_that_says_more_than_a_person_has_is_refused() -> None:
    cell = "a@b.com;" * (LONGEST_LIST // 8)
    titles, cells = zip(*[(f"E-mail {number}", f'"{cell}"') for number in range(4)], strict=True)
    found = row(f"Nome,{','.join(titles)}", f"Ana,{','.join(cells)}")
    assert found.reason == f"A linha tem mais de {LONGEST_ROW} caracteres."


def test_a_list_as_long_as_a_person_may_have_is_read() -> None:
    addresses = [f"{'a' * 60}{number}@{'b' * 60}.{'c' * 60}.{'d' * 60}.br" for number in range(20)]
    found = row("Nome;E-mail", f'Ana;"{"; ".join(addresses)}"')
    assert [one["address"] for one in found.reading.data["emails"]] == addresses


def test_names_that_hold_the_signs_between_names_are_found_and_nothing_longer_is_looked_for() -> None:
    known = Catalogue.of({"1": "Ouro; Prata, e | Bronze", "2": "Ouro"})
    assert known.found_in("ouro;  prata, e | BRONZE; Ouro; Cobre") == (["1", "2"], 1)
    assert known.found_in("Ouro; Prata") == (["2"], 1)
    assert known.found_in("; ".join(["x" * 600] * 100)) == ([], 100)
