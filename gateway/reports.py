"""Reports of selected attendances (row A15): contact data and first entry, as rows of a CSV or as text."""

from __future__ import annotations

from collections.abc import Iterable

from gateway import papers
from gateway.papers import Paper
from services.chassis.spreadsheets import protected

HEADER = (
    "Referência", "Assunto", "Situação", "Aberto em", "Código", "Nome", "CPF/CNPJ", "E-mail", "Telefone", "Contato",
    "Cidade/UF", "Primeiro parecer em", "Autor", "Primeiro parecer",
)  # fmt: skip
FORMATS = ("csv", "text")


def rows(found: Iterable[Paper]) -> list[list[str]]:
    """Under HEADER; no cell is a formula."""
    return [[protected(cell) for cell in _cells(one)] for one in found]


def as_text(found: Iterable[Paper]) -> bytes:
    """A block an attendance; empty fields are left out."""
    blocks = []
    for one in found:
        named = zip(HEADER, _cells(one), strict=True)
        blocks.append("\n".join(f"{name}: {cell}" for name, cell in named if cell))
    return ("\n\n".join(blocks) + "\n").encode()


def _cells(one: Paper) -> list[str]:
    attendance, person, entry = one.attendance, one.person, one.first_entry or {}
    return [
        str(attendance["reference"]),
        attendance["title"],
        papers.STATUS.get(attendance["status"], attendance["status"]),
        one.moment(attendance["opened_at"]),
        str(person.get("code") or ""),
        person["name"],
        person.get("document") or "",
        papers.email(person),
        papers.phone(person),
        papers.contact(person),
        papers.place(person),
        one.moment(entry.get("recorded_at")),
        entry.get("author_name") or "",
        entry.get("text") or "",
    ]
