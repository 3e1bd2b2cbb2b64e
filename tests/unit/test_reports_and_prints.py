"""Reports and prints (row A15): no cell is a formula, Excel's own dialect, a PDF whose text can be read back."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from gateway.attendance import report_content, report_rows
from gateway.attendance.printing import as_pdf
from gateway.attendance.report_content import AttendanceReport
from gateway.documents import formatting
from gateway.http import csv_answer
from gateway.sales import action_report
from services.attendance.entries.contract import ENTRY_KINDS
from services.chassis.spreadsheets import protect
from tests.support.builders.printed_attendance import ATTENDANCE, BRASILIA, ENTRY, PERSON
from tests.support.pdf import fonts_of, text_of

STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def paper(**entry: Any) -> AttendanceReport:
    return AttendanceReport(ATTENDANCE, PERSON, {**ENTRY, **entry}, BRASILIA)


def as_csv(found: Iterable[AttendanceReport]) -> bytes:
    return b"".join(csv_answer.content("excel-br", report_rows.HEADER, [report_rows.rows(found)]))


def rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_csv_has_contact_data_and_the_first_entry() -> None:
    header, row = rows(as_csv([paper()]))
    assert header == list(report_rows.HEADER)
    assert row == [
        "42", "Visita; “técnica”", "Aberto", "05/03/2031 09:00", "7", "João Ação Ltda.", "11222333000181",
        "a@b.example",
        "(41) 99999-8888", "Rita", "Curitiba/PR", "05/03/2031 09:30", "Ana", ENTRY["text"],
    ]  # fmt: skip


@given(st.text(max_size=60))
def test_no_cell_is_a_formula(text: str) -> None:
    cell = protect(text)
    assert cell in (text, f"'{text}")
    assert cell.strip()[:1] not in {"=", "+", "-", "@", "|", "%"} or not cell.strip()


def test_times_are_the_companys() -> None:
    there = AttendanceReport(ATTENDANCE, PERSON, ENTRY, ZoneInfo("America/Rio_Branco"))
    assert report_rows.rows([there])[0][3] == "05/03/2031 07:00"


@pytest.mark.parametrize("text", ["=1+1", "+55", "-2", "@SUM(A1)", "\t=1", " =cmd|'/c calc'!A0", "\n=1", "＝1"])
def test_known_formulas_are_neutralised(text: str) -> None:
    assert protect(text) == f"'{text}"


@given(st.lists(st.text(alphabet=STORABLE, max_size=40), min_size=1, max_size=5))
def test_every_text_comes_back_from_the_csv(texts: list[str]) -> None:
    found = rows(as_csv([paper(text=text) for text in texts]))
    assert [row[-1] for row in found[1:]] == [protect(text) for text in texts]


def test_a_person_that_may_not_be_seen_is_a_name_only() -> None:
    found = report_rows.as_text([AttendanceReport(ATTENDANCE, {"name": "João"}, None, BRASILIA)]).decode()
    assert found.splitlines() == [
        "Referência: 42", "Assunto: Visita; “técnica”", "Situação: Aberto", "Aberto em: 05/03/2031 09:00", "Nome: João",
    ]  # fmt: skip


def test_a_foreign_phone_keeps_its_country() -> None:
    assert report_content.phone({"phones": [{"number": "+12025550123"}]}) == "+1 202-555-0123"


@pytest.mark.parametrize("name", ["=1+1", " =1+1", "＝1+1", "|cmd", "%0A"])
def test_no_name_in_the_report_of_actions_is_a_formula(name: str) -> None:
    counts = {"total": 1, "pending": 1, "done": 0, "cancelled": 0}
    row = {"user": {"name": name}, "stage": {"name": name}, "kind": name, **counts}
    text = action_report.as_csv({"items": [row], "totals": counts})
    _, cells, _ = csv.reader(io.StringIO(text.removeprefix(action_report.BOM), newline=""), delimiter=";")
    assert cells[:3] == [f"'{name}"] * 3


def test_a_pdf_with_entries_is_read_back() -> None:
    found = text_of(as_pdf(paper(), [{**ENTRY, "attachments": [{"name": "foto.png"}]}]))
    for expected in (
        "Atendimento nº 42 — Visita; “técnica”", "João Ação Ltda. (código 7)", "(41) 99999-8888", "Curitiba/PR",
        "05/03/2031 09:30 — Ana — Parecer", "Linha 2 — ção € <b>não é negrito</b> & fim", "Anexos: foto.png",
        "Página 1",
    ):  # fmt: skip
        assert expected in found


def test_a_pdf_without_entries_has_none() -> None:
    found = text_of(as_pdf(paper(), None))
    assert "Linha 1" not in found
    assert "Pareceres" not in found


def test_what_has_no_width_leaves_no_gap() -> None:
    made = as_pdf(paper(), [{**ENTRY, "text": "Ze\u200bro\u2060wid\u202eth\ufeff <b>não é negrito</b>"}])
    assert "Zerowidth <b>não é negrito</b>" in text_of(made)


def test_emoji_are_printed_and_signs_that_no_font_has_are_shown_as_such_and_said() -> None:
    made = as_pdf(paper(), [{**ENTRY, "text": "sorriso 😀 foguete 🚀 cozinheira 👩🏽‍🍳 漢字 fim\x07"}])
    found = text_of(made)
    # drawn, but reportlab does not write signs beyond the first plane as text that can be copied
    assert "NotoEmoji-Regular" in fonts_of(made)
    assert found.count("□") == 3
    assert "□□ fim" in found
    assert "não existem na fonte" in found
    assert "não existem na fonte" not in text_of(as_pdf(paper(), [{**ENTRY, "text": "🎂🚀 ❤️ □"}]))


def test_what_is_left_out_is_said() -> None:
    assert "Só os 1 mais recentes" in text_of(as_pdf(paper(), [ENTRY], complete=False))


@settings(max_examples=settings().max_examples // 3)
@given(st.text(max_size=200))
def test_every_text_can_be_printed(text: str) -> None:
    assert as_pdf(paper(), [{**ENTRY, "text": text}]).startswith(b"%PDF-")


class Endless:
    """Stands for the bus: an attendance whose entries never end."""

    def __init__(self, text: str) -> None:
        self.text = text

    def call(self, *_: Any) -> dict[str, Any]:
        return {"items": [{**ENTRY, "text": self.text}] * 100, "next_cursor": "more"}


@pytest.mark.parametrize(("text", "part"), [("x" * 20_000, 5), ("a\n" * 10_000, 4), ("curto", 1)])
def test_a_print_is_bounded_whatever_was_written(text: str, part: int) -> None:
    """`part`: so much of it is printed, of the entries, or of the lines of the only one: all take their time alike."""
    shown, complete = report_content.entries(Endless(text), None, "a")  # type: ignore[arg-type]
    assert 1 <= len(shown) <= report_content.MAX_ENTRIES
    assert sum(len(entry["text"]) for entry in shown) <= report_content.MAX_WEIGHT
    assert not complete
    whole, (first, *_) = len(shown), shown
    shown = shown[: whole // part] or [{**first, "text": first["text"][: len(first["text"]) // part]}]
    began = time.process_time()
    found = as_pdf(paper(), shown, complete)
    assert time.process_time() - began < 20 / part
    assert f"Só os {len(shown)} mais recentes" in PdfReader(io.BytesIO(found)).pages[0].extract_text()


def test_each_kind_of_entry_is_printed_in_portuguese() -> None:
    assert set(report_content.KINDS) == set(ENTRY_KINDS)
    found = text_of(as_pdf(paper(), [{**ENTRY, "kind": kind} for kind in (*ENTRY_KINDS, "of_a_later_version")]))
    assert [kind for kind in (*ENTRY_KINDS, "of_a_later_version") if f"— {kind}" in found] == []
    assert "Registro" in found


def test_a_place_abroad_is_named_without_a_state() -> None:
    lisbon = {"kind": "main", "city": "Lisboa", "state": "", "country": "PT"}
    assert report_content.place({"addresses": [lisbon]}) == "Lisboa"
    assert report_content.place(PERSON) == "Curitiba/PR"
    assert (
        formatting.address({"addresses": [{**lisbon, "street": "Rua do Carmo", "number": "1"}]})
        == "Rua do Carmo, 1, Lisboa"
    )
    assert formatting.address(PERSON) == "Curitiba/PR"
