"""Row P8: the bytes of a CSV as records, its columns as fields, its rows as persons or as reasons."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.csv_text import MOST_SPANNED, read_header, records
from services.chassis.errors import Conflict, Invalid
from services.chassis.handling.session import Actor
from services.chassis.ids import new_id
from services.chassis.spreadsheets import protect, transliterate, unprotect
from services.people.exports.model import to_cells
from services.people.imports.model.columns import EXPORTED
from services.people.imports.model.imports import KEPT, MAX_ATTEMPTS, PART_BYTES, Import
from services.people.imports.model.layouts import recognise
from services.people.imports.model.naming import Names
from services.people.imports.model.reading import RowRefused
from services.people.imports.model.rows import RowReader
from services.people.persons.model.person import Person
from tests.support.builders.csv_rows import pieces, read, read_file

NOW = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
NEW_GOOGLE = "First Name,Middle Name,Last Name,Organization Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value\n"
OLD_GOOGLE = "Name,Given Name,Family Name,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,"
OLD_GOOGLE += "Phone 1 - Value\n"


def data(content: str | bytes) -> dict[str, Any]:
    (row,) = read_file(content).rows.values()
    if row.reason is not None:
        raise RowRefused(row.reason)
    return row.reading.data


def test_the_new_google_export_is_read() -> None:
    found = data(NEW_GOOGLE + "José,da,Silva,,* Work,j@x.com ::: k@x.com,+55 11 98765-4321 ::: 1134567890\n")
    assert found["name"] == "José da Silva"
    assert found["emails"] == [{"address": "j@x.com", "main": True}, {"address": "k@x.com", "main": False}]
    assert [phone["number"] for phone in found["phones"]] == ["+55 11 98765-4321", "1134567890"]


def test_the_old_google_export_is_read_with_its_starred_email_first() -> None:
    found = data(OLD_GOOGLE + "José Silva,José,Silva,Home,a@x.com,* Work,b@x.com,\n")
    assert (found["name"], [email["main"] for email in found["emails"]]) == ("José Silva", [False, True])


def test_a_google_company_gives_its_own_name() -> None:
    assert data(NEW_GOOGLE + ",,,Padaria Sol,,,\n")["name"] == "Padaria Sol"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("First Name,Last Name,E-mail Address,Mobile Phone,Home City", "Ana,Sá,a@x.com,1134567890,Santos"),
        ("Nome;Sobrenome;Endereço de Email;Telefone celular;Cidade do endereço residencial",
         "Ana;Sá;a@x.com;1134567890;Santos"),
    ],
)  # fmt: skip
def test_outlook_is_read_in_english_and_in_portuguese(header: str, row: str) -> None:
    found = data(f"{header}\n{row}\n")
    assert (found["name"], found["emails"][0]["address"], found["phones"][0]["number"]) == (
        "Ana Sá", "a@x.com", "1134567890"
    )  # fmt: skip
    assert found["addresses"] == [], "an address book's partial address is no refusal"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp850"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_encoding_and_the_separator_are_detected(encoding: str, separator: str) -> None:
    header = ["Nome", "CNPJ", "E-mail", "Telefone", "Endereço", "Número", "Bairro", "Cidade", "UF", "CEP"]
    cells = ["João", "11.222.333/0001-81", "j@x.com", "1134567890", "Rua Á", "1", "Sé", "São Paulo", "sp", "1310100"]
    found = data("\r\n".join(separator.join(line) for line in (header, cells)).encode(encoding))
    assert (found["name"], found["document"], found["import_key"]) == ("João", "11222333000181", "11222333000181")
    assert found["addresses"] == [
        {"kind": "main", "street": "Rua Á", "number": "1", "district": "Sé", "city": "São Paulo",
         "state": "SP", "postal_code": "01310100"}
    ]  # fmt: skip


def test_a_file_that_turns_to_windows_1252_later_is_read() -> None:
    _, found = read(b"nome\nAna\n" + "Conceição".encode("cp1252"))
    assert [record.cells for record in found] == [["Ana"], ["Conceição"]]


def test_lines_are_numbered_where_they_start() -> None:
    _, found = read('nome,cidade,uf,rua\n"Ana\nMaria",,,\n\nBia,,,\n')
    assert [(record.line, record.cells and record.cells[0]) for record in found] == [(2, "Ana\nMaria"), (5, "Bia")]


def test_the_separator_line_of_spreadsheets_is_skipped() -> None:
    names, found = read("sep=;\r\n\r\nnome;email\r\nAna;\r\n")
    assert (names, [record.line for record in found]) == (["nome", "email"], [4])


@pytest.mark.parametrize("line", ['"Ana', '"Ana" Sá,x', "A\rna,,", "A" * 140_000 + ",,"])
def test_a_line_of_wrong_quotes_costs_no_other_line(line: str) -> None:
    _, (bad, good) = read(f"nome,email,cpf\n{line}\nBia,,\n", size=4096)
    assert (bad.line, bad.cells) == (2, None)
    assert (good.line, good.cells) == (3, ["Bia", "", ""])


def test_quotes_that_nothing_closes_are_searched_so_far_and_no_further() -> None:
    source = iter([b'z","\n'] * 3 * MOST_SPANNED)
    found = list(islice(records(source, "utf-8", ",", 0, 1), 100))
    assert [(record.line, record.cells) for record in found] == [(line, None) for line in range(1, 101)]
    assert len(list(source)) >= 2 * MOST_SPANNED - 100


def test_a_cell_of_several_hundred_lines_is_read() -> None:
    note = "\n".join(["linha"] * (MOST_SPANNED - 1))
    _, (ana, bia) = read(f'nome,email,observacoes\nAna,,"{note}"\nBia,,\n', size=4096)
    assert ana.cells == ["Ana", "", note]
    assert (bia.line, bia.cells) == (1 + MOST_SPANNED, ["Bia", "", ""])


@given(st.lists(st.text("a\"\n,;'é\r ", max_size=8), max_size=12), st.sampled_from(["utf-8", "cp1252", "utf-16-le"]))
def test_reading_on_from_any_record_gives_the_rest(rows: list[str], encoding: str) -> None:
    content = "\n".join(["nome,email", *rows]).encode(encoding)
    header = read_header(pieces(content), encoding, ",")
    start = content[header.rows_at :]
    whole = list(records(pieces(start), encoding, ",", header.rows_at, header.first_line))
    for at, record in enumerate(whole):
        rest = pieces(content[record.end :], 5)
        assert list(records(rest, encoding, ",", record.end, record.next_line)) == whole[at + 1 :]


@given(st.binary(max_size=300))
def test_no_content_breaks_the_reader(content: bytes) -> None:
    raw = b"nome,email\n" + content
    for record in records(pieces(raw), "utf-8", ",", 0, 1):
        assert record.end <= len(raw)


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"PK\x03\x04\x00\x00", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"x" * 2_000_000, b"a," * 500]
)
def test_an_unreadable_file_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="import_file_unreadable"):
        read(content, size=1 << 16)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",a@x.com,,,,", "sem nome"),
        ("Ana,,123,,,", "CPF ou CNPJ inválido"),
        ("Ana,,,,,,,1", "A linha tem 8 colunas, e o cabeçalho tem 6"),
    ],
)
def test_a_refused_row_says_why(line: str, reason: str) -> None:
    with pytest.raises(RowRefused, match=reason):
        data(f"nome,email,cpf,rua,cidade,categoria\n{line}\n")


def test_the_same_row_gives_the_same_key_and_another_name_another() -> None:
    first, accented = data("nome,fone\nJosé,11 98765-4321\n"), data("name,phone\njose,(11)987654321\n")
    other = data("nome,fone\nMaria,11 98765-4321\n")
    assert first["import_key"] == accented["import_key"] != other["import_key"]


def test_memory_does_not_grow_with_the_file() -> None:
    chunk = b"Ana,%s\n" % (b"x" * 1_000) * 1_000
    tracemalloc.start()
    count = sum(1 for _ in records(iter([chunk] * 20), "utf-8", ",", 0, 1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 8_000_000, "the file has 20 million"


@given(st.text(max_size=20))
def test_protection_is_taken_away_again(text: str) -> None:
    assert unprotect(protect(text)) == text
    assert not protect(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("sign", "﹦⁼₌﹢⁺₊﬩﹣﹫﹪")
def test_a_sign_that_an_old_encoding_turns_into_a_formulas_is_protected_before(sign: str) -> None:
    text = f"{sign}HYPERLINK(1)"
    assert protect(text) == f"'{text}"
    assert unprotect(protect(text)) == text
    assert transliterate(protect(text)).startswith("'")


TEXT = st.text("ab É'=+-@;,\"\n1", min_size=1, max_size=12).map(str.strip).filter(bool)


@given(TEXT, TEXT, st.sampled_from(["", "11144477735", "11222333000181", "12ABC34501DE35"]), st.booleans())
def test_an_exported_person_is_read_as_the_same(name: str, short_name: str, document: str, listed: bool) -> None:
    given_ = {
        "name": name, "short_name": short_name, "document": document,
        "categories": ["supplier", "client"] if document else ["supplier"],
        "state_registration": "isento" if document else None,
        "emails": [{"address": "a@x.com"}, {"address": "b@x.com", "main": True}] if listed else [],
        "phones": [{"number": "+16502530000"}, {"number": "11 98765-4321"}] if listed else [],
        "addresses": [{"kind": "main", "street": name, "city": "Sé", "state": "SP", "postal_code": "01310-100"}],
        "contacts": [{"name": "Rita", "main": True}] if listed else [],
    }  # fmt: skip
    person = Person.register(new_id(), 1, given_, NOW)
    names = Names.of()
    titles = [column.title for column in EXPORTED]
    layout, fields = recognise(titles)
    reader = RowReader(titles, fields, layout, "prospect", names)
    read_back = Person.register("1", 1, reader.read(to_cells(person, names)).data, NOW)
    for column in ("name", "short_name", "document", "state_registration", "categories"):
        assert getattr(read_back, column) == getattr(person, column)
    for many in ("emails", "phones", "contacts", "addresses"):
        assert unnumbered(read_back, many) == unnumbered(person, many)


def unnumbered(person: Person, many: str) -> list[str]:
    """The items of a list, whatever numbers they have in their person."""
    return sorted(repr(sorted({**item, "id": ""}.items())) for item in getattr(person, many))


def begun(size: int = 10) -> Import:
    return Import.begin("i", "c", "x.csv", size, Actor("u", "Ana"), NOW)


def previewed() -> Import:
    found = begun()
    found.receive(0, 10)
    found.recognised("utf-8", read_header(iter([b"nome\nAna\n"]), "utf-8"))
    return found


def test_parts_come_in_order_and_whole() -> None:
    upload = begun(PART_BYTES + 5)
    with pytest.raises(Conflict, match="import_part_unexpected"):
        upload.receive(1, 5)
    with pytest.raises(Conflict, match="import_part_unexpected"):
        upload.receive(0, 5)
    upload.receive(0, PART_BYTES)
    with pytest.raises(Conflict, match="import_upload_incomplete"):
        upload.require_whole_file()
    upload.receive(1, 5)
    upload.require_whole_file()


def test_an_import_that_never_gets_on_is_given_up() -> None:
    stuck = previewed()
    stuck.start(dry_run=False, now=NOW)
    for _ in range(MAX_ATTEMPTS):
        stuck.taken_up(NOW)
        assert stuck.state == "running"
    stuck.taken_up(NOW)
    assert (stuck.state, stuck.next_at) == ("failed", None)
    assert stuck.failure


def test_what_was_uploaded_and_never_started_is_due_after_a_week() -> None:
    assert previewed().next_at == NOW + KEPT


def test_a_rehearsal_ends_where_the_import_can_start() -> None:
    found = previewed()
    found.start(dry_run=True, now=NOW)
    found.advance(9, 3, [{"outcome": "registered", "warning": None, "left_out": []}])
    found.finish(NOW)
    assert (found.state, found.counts["registered"], found.progress) == ("previewed", 1, 100)
    found.start(dry_run=False, now=NOW)
    assert (found.state, found.counts["registered"], found.position) == ("running", 0, 5)
