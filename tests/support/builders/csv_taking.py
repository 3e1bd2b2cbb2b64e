"""Imports and exports on a company's database in memory, and what a spreadsheet does to a file in between."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from itertools import islice
from typing import Any

from services.chassis.csv_text import detect_encoding, read_header
from services.chassis.schemas import load
from services.chassis.spreadsheets import transliterate
from services.people.exports.model import to_cells
from services.people.imports.chunk_writer import ChunkWriter
from services.people.imports.jobs import CHUNK_ROWS
from services.people.imports.model.columns import EXPORTED
from services.people.imports.model.imports import Import
from services.people.imports.model.layouts import known_columns
from services.people.imports.rows import Rows, names_of
from services.people.persons import contract
from services.people.persons.model.person import Person
from services.people.persons.repository import document_of, person_of
from services.people.session import INDEXES, PeopleSession
from tests.support.fakes.memory import Memory

Row = dict[str, str]


class Registry:
    """A company's persons."""

    def __init__(self) -> None:
        self.memory = Memory(PeopleSession, INDEXES)

    def register(self, name: str, **data: Any) -> Person:
        """By hand; `own` are categories and characteristics of the company."""
        own = data.pop("own", ())

        def work(tx: PeopleSession) -> Person:
            given = load(contract.RegisterPerson, {"name": name, **data})
            person = Person.register(tx.new_id(), tx.persons.next_codes()[0], given, tx.now, own)
            tx.persons.add(person)
            return person

        added: Person = self.memory.run(work)
        return added

    def change(self, person: Person) -> None:
        self.memory.run(lambda tx: tx.persons.save(person))

    @property
    def persons(self) -> list[Person]:
        return sorted(map(person_of, self.memory.documents("persons")), key=lambda person: person.code)

    def person(self, name: str) -> Person:
        (found,) = (person for person in self.persons if person.name == name)
        return found

    def run(self, content: str | bytes, existing: str = "skip", dry_run: bool = False) -> list[dict[str, Any]]:
        """The lines of the report."""
        raw = content.encode() if isinstance(content, str) else content
        running: Import = self.memory.run(lambda tx: _uploaded(tx, raw, existing, dry_run))
        lines: list[dict[str, Any]] = []
        while taken := self.memory.run(lambda tx: _chunk(tx, running)):
            lines += taken
        return lines

    def reads(self) -> Counter[str]:
        """How often each collection has been read so far."""
        names = ("persons", "merges", "duplicates", "categories", "characteristics", "numbers")
        return Counter({name: self.memory.collection(name).calls["read"] for name in names})

    def export(self) -> list[Row]:
        """A row for each person, by the titles of the columns."""
        session = self.memory.session()
        titles = [column.title for column in EXPORTED]
        names = names_of(session)
        return [dict(zip(titles, to_cells(person, names), strict=True)) for person in self.persons]


def _uploaded(tx: PeopleSession, raw: bytes, existing: str, dry_run: bool) -> Import:
    running = Import.begin(tx.new_id(), tx.company, "x.csv", len(raw), tx.actor, tx.now)
    running.receive(0, len(raw))
    encoding = detect_encoding(raw)
    running.recognised(encoding, read_header(iter([raw]), encoding, known=known_columns))
    running.choose((), existing, None)
    running.start(dry_run, tx.now)
    tx.imports.add_part(running.id, 0, raw)
    return running


def _chunk(tx: PeopleSession, running: Import) -> list[dict[str, Any]]:
    reader = Rows(tx, running)
    rows = [reader.checked(record) for record in islice(filter(reader.is_row, reader.records()), CHUNK_ROWS)]
    lines = ChunkWriter(tx, running, reader.usable).take(rows)
    if rows:
        running.advance(rows[-1].end, rows[-1].next_line, lines)
    return lines


def written(rows: list[Row], cell: Callable[[str], str] = str, encoding: str = "utf-8-sig") -> bytes:
    """As a Brazilian spreadsheet saves it; `cell` is what it does to a cell."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(rows[0])
    writer.writerows([cell(text) for text in row.values()] for row in rows)
    text = out.getvalue()
    return transliterate(text).encode(encoding) if encoding == "cp1252" else text.encode(encoding)


def spoiled(text: str) -> str:
    """As a spreadsheet shows what it takes for a number or a date: zeros lost, decimal comma, many digits rounded."""
    if re.fullmatch(r"\d{1,2}[/-]\d{1,2}", text):
        day, month = re.split("[/-]", text)
        months = ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"]
        return f"{day}/{months[int(month) - 1]}" if 1 <= int(month) <= len(months) else text
    number = re.fullmatch(r"\d+(\.\d+)?", text)
    if not number:
        return text
    digits = text.lstrip("0") or "0"
    if len(digits) > 11:
        return f"{float(digits):.5E}".replace(".", ",")
    return digits.replace(".", ",")


def document_of_person(person: Person) -> dict[str, Any]:
    """As it is stored, without its version."""
    return {key: value for key, value in document_of(person).items() if key != "version"}
