"""Reports of selected attendances (row A15): contact data and first entry, as rows of a CSV or as text."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.attendance import report_content
from gateway.attendance.report_content import AttendanceReport
from services.chassis.spreadsheets import protect

HEADER = (
    "Referência", "Assunto", "Situação", "Aberto em", "Código", "Nome", "CPF/CNPJ", "E-mail", "Telefone", "Contato",
    "Cidade/UF", "Primeiro parecer em", "Autor", "Primeiro parecer",
)  # fmt: skip
FORMATS = ("csv", "text")


def rows(reports: Iterable[AttendanceReport]) -> list[list[str]]:
    """The rows below HEADER; no cell is a formula."""
    return [[protect(cell) for cell in _cells(report_)] for report_ in reports]


def as_text(reports: Iterable[AttendanceReport]) -> bytes:
    """A block of lines for each attendance; empty fields are left out."""
    blocks = []
    for report_ in reports:
        named = zip(HEADER, _cells(report_), strict=True)
        blocks.append("\n".join(f"{name}: {cell}" for name, cell in named if cell))
    return ("\n\n".join(blocks) + "\n").encode()


def _cells(source: AttendanceReport) -> list[str]:
    attendance, person, entry = source.attendance, source.person, source.first_entry or {}
    return [
        str(attendance["reference"]),
        attendance["subject"],
        report_content.STATUS.get(attendance["state"], attendance["state"]),
        source.moment(attendance["opened_at"]),
        str(person.get("code") or ""),
        person["name"],
        person.get("document") or "",
        report_content.email(person),
        report_content.phone(person),
        report_content.contact(person),
        report_content.place(person),
        source.moment(entry.get("recorded_at")),
        report_content.author(entry),
        entry.get("text") or "",
    ]
