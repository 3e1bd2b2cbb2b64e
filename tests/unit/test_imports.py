"""Row P8: rows of a CSV, or the reason why a line is refused."""

from __future__ import annotations

import io
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.imports import Row, read_rows
from services.chassis.errors import Invalid

NEW_GOOGLE = "First Name,Middle Name,Last Name,Organization Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value\n"
OLD_GOOGLE = "Name,Given Name,Family Name,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,"
OLD_GOOGLE += "Phone 1 - Value\n"


def rows(text: str | bytes, layout: str = "auto") -> list[Row]:
    return list(read_rows(io.BytesIO(text.encode() if isinstance(text, str) else text), layout))


def person(text: str | bytes, layout: str = "auto") -> dict[str, Any]:
    (row,) = rows(text, layout)
    assert row.person is not None, row.reason
    return row.person


def test_the_new_google_export_is_read() -> None:
    found = person(NEW_GOOGLE + "José,da,Silva,,* Work,j@x.com ::: k@x.com,+55 11 98765-4321 ::: 1134567890\n")
    assert found["name"] == "José da Silva"
    assert found["emails"] == [{"address": "j@x.com", "main": True}, {"address": "k@x.com", "main": False}]
    assert [phone["number"] for phone in found["phones"]] == ["+55 11 98765-4321", "1134567890"]
    assert found["import_key"] == "j@x.com"


def test_the_old_google_export_is_read_with_its_starred_email_first() -> None:
    found = person(OLD_GOOGLE + "José Silva,José,Silva,Home,a@x.com,* Work,b@x.com,\n", "google")
    assert [email["main"] for email in found["emails"]] == [False, True]
    assert found["import_key"] == "b@x.com"


def test_a_google_company_gives_its_own_name() -> None:
    assert person(NEW_GOOGLE + ",,,Padaria Sol,,,\n")["name"] == "Padaria Sol"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_encoding_and_the_separator_are_detected(encoding: str, separator: str) -> None:
    header = ["Nome", "CNPJ", "E-mail", "Telefone", "Endereço", "Número", "Bairro", "Cidade", "UF", "CEP"]
    cells = ["João", "11.222.333/0001-81", "j@x.com", "1134567890", "Rua Á", "1", "Sé", "São Paulo", "sp", "01310-100"]
    found = person("\r\n".join(separator.join(line) for line in (header, cells)).encode(encoding))
    assert (found["name"], found["document"], found["import_key"]) == ("João", "11222333000181", "11222333000181")
    assert found["addresses"][0] == {
        "kind": "main", "street": "Rua Á", "number": "1", "complement": "", "district": "Sé", "city": "São Paulo",
        "state": "SP", "postal_code": "01310100",
    }  # fmt: skip


def test_lines_are_numbered_where_they_start() -> None:
    found = rows('nome,cidade,uf,rua\n"Ana\nMaria",,,\n\nBia,,,\n')
    assert [(row.line, row.person and row.person["name"]) for row in found] == [(2, "Ana\nMaria"), (5, "Bia")]


def test_the_separator_line_of_spreadsheets_is_skipped() -> None:
    assert [row.line for row in rows("sep=;\r\nnome;email\r\nAna;\r\n")] == [3]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",a@x.com,", "sem nome"),
        ("Ana,a@x,", "E-mail inválido"),
        ("Ana,,123", "CPF ou CNPJ inválido"),
        ("Ana", "colunas"),
        ("Ana,,,,", "colunas"),
        ("A\rna,,", "ilegível"),
        ("A" * 140_000 + ",,", "ilegível"),
    ],
)
def test_a_bad_line_says_why_and_the_next_is_read(line: str, reason: str) -> None:
    bad, good = rows(f"nome,email,cpf\n{line}\nBia,,\n")
    assert bad.line == 2
    assert bad.person is None
    assert bad.reason is not None
    assert reason in bad.reason
    assert (good.line, good.person and good.person["name"]) == (3, "Bia")


def test_an_incomplete_address_is_refused() -> None:
    (row,) = rows("nome,rua,cidade,uf\nAna,Rua A,,\n")
    assert row.reason == "Endereço incompleto: informe logradouro, cidade e UF."


@pytest.mark.parametrize(
    ("content", "layout"),
    [
        (b"", "auto"),
        (b"\n\n", "auto"),
        (b"a,b\n1,2\n", "auto"),
        (b"PK\x03\x04\x00\x00", "auto"),
        (b"\x89PNG\r\n", "auto"),
        (b"nome,email\nAna,\n", "google"),
        (b"nome,email\nAna,\n", "outlook"),
        (b"x" * 2_000_000, "auto"),
    ],
)
def test_an_unreadable_file_is_refused_at_once(content: bytes, layout: str) -> None:
    with pytest.raises(Invalid, match="import_layout_unknown"):
        read_rows(io.BytesIO(content), layout)


def test_the_same_row_gives_the_same_key() -> None:
    first, accented = person("nome,fone\nJosé,11 8765-4321\n"), person("name,phone\njose,(11)87654321\n")
    assert first["import_key"] == accented["import_key"] != person("nome,fone\nJosé,2\n")["import_key"]


def test_memory_does_not_grow_with_the_file() -> None:
    class Endless(io.RawIOBase):
        left = 400

        def read(self, size: int = -1) -> bytes:
            self.left -= 1
            return b"" if self.left < 0 else b"nome,email\n" + b"Ana,a@x.com\n" * (size // 12 - 1)

    tracemalloc.start()
    count = sum(1 for _ in zip(range(5_000), read_rows(Endless(), "auto"), strict=False))  # type: ignore[arg-type, misc]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 5_000
    assert peak < 8_000_000


@given(st.binary(max_size=300))
def test_no_content_breaks_the_reader(content: bytes) -> None:
    for row in rows(b"nome,email\n" + content) if b"\0" not in content else ():
        assert (row.person is None) != (row.reason is None)
