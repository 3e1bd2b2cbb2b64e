"""Turns a record of an imported file into a person, or into a pt-BR reason why not, which never repeats the value."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from services.chassis.csv_text import Record, clean, records
from services.chassis.errors import Conflict, Invalid
from services.chassis.messages import most_characters
from services.chassis.schemas import load
from services.people.categories.model import CATEGORIES
from services.people.imports.model.columns import FIELDS, title_of
from services.people.imports.model.imports import Import
from services.people.imports.model.naming import Names
from services.people.imports.model.reading import Reading, RowRefused
from services.people.imports.model.rows import RowReader
from services.people.persons import contract
from services.people.persons.model.lists import LISTS
from services.people.persons.model.person import Person
from services.people.session import PeopleSession

log = logging.getLogger(__name__)

# Exceptions that an unforeseen row may raise; they refuse that row and no other.
DEFECTS = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)
PREVIEW_ROWS = 10
# So many lines are searched for the rows of a preview or a chunk: spreadsheets write a million empty ones.
MOST_SEARCHED = 10_000
# Each round leaves out all that the contract refuses at once; what that hid comes to light in the next round.
MOST_ROUNDS = 5
PREVIEW_CHECKED = 200
PREVIEW_ERRORS = 20
UNREADABLE = "Linha ilegível: verifique as aspas e as quebras de linha."
# Titles of lists that are not fields of a column.
TITLES = {"addresses": "Endereço"}
# Refusals whose own sentence repeats the value.
WITHOUT_VALUE = {"phone_invalid": "Telefone inválido: informe o DDD e o número."}
# Fields whose refusal refuses the row: without them there is no person, or another one.
CLIENT = "client"
NEEDED = ("name", "document", "categories", "import_key")


@dataclass(frozen=True)
class Row:
    """A checked row: either `person`, with its `reading`, or `reason`; `end`: the offset in bytes after it."""

    line: int
    end: int
    next_line: int
    person: Person | None = None
    reason: str | None = None
    reading: Reading = field(default_factory=Reading)

    @classmethod
    def refused(cls, record: Record, reason: str) -> Row:
        return cls(record.line, record.end, record.next_line, reason=reason)

    @property
    def left_out(self) -> list[str]:
        """The pt-BR notes on parts that were left out, for a new person."""
        return [*self.reading.left_out, *self.reading.only_new]


class Rows:
    """Reads the rows of one import, with the company's current categories and characteristics."""

    def __init__(self, session: PeopleSession, read: Import) -> None:
        self._session = session
        self._names = names_of(session)
        self._reader = RowReader(read.header, read.fields, read.layout, read.category, self._names)
        self._read = read

    @property
    def usable(self) -> frozenset[str]:
        """The categories and characteristics that may be given."""
        return frozenset({*CATEGORIES, *self._names.usable})

    def records(self) -> Iterator[Record]:
        """The records from the import's position on, blank lines and repeated headers too."""
        read = self._read
        chunks = self._session.imports.bytes_from(read, read.position)
        return records(chunks, read.encoding, read.separator, read.position, read.line, read.line_end)

    def is_row(self, record: Record) -> bool:
        """Whether it says something: no blank line, and no repeated header."""
        if record.cells is None:
            return True
        cells = [clean(cell) for cell in record.cells]
        return any(cells) and not self._reader.repeats_header(cells)

    def checked(self, record: Record) -> Row:
        """Checks a row as far as that is possible without the database."""
        if record.cells is None:
            return Row.refused(record, UNREADABLE)
        try:
            reading = self._reader.read([clean(cell) for cell in record.cells])
            person = self._person(reading, _loaded(reading))
        except RowRefused as refusal:
            return Row.refused(record, str(refusal))
        except Invalid as refusal:
            return Row.refused(record, reason_of(refusal))
        except DEFECTS as error:
            log.warning("import row unreadable", extra={"line": record.line, "error": type(error).__name__})
            return Row.refused(record, UNREADABLE)
        return Row(record.line, record.end, record.next_line, person, reading=reading)

    def _person(self, reading: Reading, data: dict[str, Any]) -> Person:
        """The person of a row; raises Invalid.

        A row that lacks what a client needs loses that category, unless client is the import's default category.
        """
        new_id, now, own = self._session.new_id(), self._session.now, self._names.usable
        data["categories"] = _usable(reading, data["categories"], {*CATEGORIES, *own}) or [self._read.category]
        data["characteristics"] = _usable(reading, data["characteristics"], own)
        try:
            return Person.register(id=new_id, code=0, data=data, now=now, own=own)
        except Invalid as refusal:
            others = [category for category in data["categories"] if category != CLIENT]
            if refusal.code != "client_incomplete" or self._read.category == CLIENT:
                raise
            why = f"falta para cliente ({reason_of(refusal).rstrip('.')})"
            reading.leave(title_of("categories"), why, new=True)
            data["categories"] = others or [self._read.category]
            return Person.register(id=new_id, code=0, data=data, now=now, own=own)


def names_of(session: PeopleSession) -> Names:
    return Names.of(session.categories.all(), session.characteristics.all())


def preview(session: PeopleSession, read: Import) -> dict[str, Any]:
    """The first rows and refusals, without duplicates: for these the whole file would have to be read."""
    reader = Rows(session, read)
    searched = islice(reader.records(), MOST_SEARCHED)
    sample = list(islice(filter(reader.is_row, searched), PREVIEW_CHECKED))
    rows = [reader.checked(record) for record in sample]
    refused = [{"line": row.line, "reason": row.reason} for row in rows if row.reason]
    first = zip(sample[:PREVIEW_ROWS], rows, strict=False)
    return {
        "rows": [
            {
                "line": row.line,
                "cells": [clean(cell)[:200] for cell in record.cells or []],
                "reason": row.reason,
                "left_out": row.left_out,
            }
            for record, row in first
        ],
        "checked": len(rows),
        "refused": len(refused),
        "errors": refused[:PREVIEW_ERRORS],
    }


def _usable(reading: Reading, ids: list[str], usable: Collection[str]) -> list[str]:
    """The ids without those of categories or characteristics that the company has deactivated."""
    kept = [record_id for record_id in ids if record_id in usable]
    if len(kept) < len(ids):
        reading.leave(title_of("categories"), "uma categoria ou característica fora de uso", new=True)
    return kept


def _loaded(reading: Reading) -> dict[str, Any]:
    """The row's data validated by RegisterPerson, without refused values; raises Invalid for one of NEEDED."""
    for _ in range(MOST_ROUNDS):
        try:
            data = load(contract.RegisterPerson, reading.data)
        except Invalid as refusal:
            _leave_out(reading, refusal)
        else:
            return _prepared(reading, data)
    raise RowRefused("Linha inválida.")


def _leave_out(reading: Reading, refusal: Invalid) -> None:
    """Removes the refused values from `reading`; raises the refusal where it is about a field of NEEDED."""
    for name, messages in (refusal.params.get("fields") or {}).items():
        if name in NEEDED or name not in reading.data:
            raise refusal
        if name in LISTS and isinstance(messages, dict):
            kept = [item for at, item in enumerate(reading.data[name]) if at not in messages]
            lost = len(reading.data[name]) - len(kept)
            reading.data[name] = kept
            reading.leave(_title(name), f"{lost} com valor inválido", name)
        elif name in LISTS:
            reading.data[name] = reading.data[name][: LISTS[name].limit]
            reading.leave(_title(name), f"só os primeiros {LISTS[name].limit} foram guardados", name)
        else:
            del reading.data[name]
            reading.leave(_title(name), _complaint(str(messages)), name)


def _prepared(reading: Reading, data: dict[str, Any]) -> dict[str, Any]:
    """The data without the list items that the rules of their list refuse."""
    for name, kind in LISTS.items():
        kept = [item for item in data[name] if _fits(kind.prepare, item)]
        if len(kept) < len(data[name]):
            reading.leave(_title(name), f"{len(data[name]) - len(kept)} com valor inválido", name)
        data[name] = kept
    return data


def _fits(prepare: Callable[[dict[str, Any]], dict[str, Any]], item: dict[str, Any]) -> bool:
    try:
        prepare(item)
    except Invalid:
        return False
    return True


def reason_of(refusal: Invalid | Conflict) -> str:
    """The reason of a refusal, in pt-BR and without the value."""
    fields = refusal.params.get("fields") or {}
    if refusal.code == "client_incomplete":
        return " ".join(str(detail) for details in fields.values() for detail in details)
    if refusal.code != "input_invalid":
        return WITHOUT_VALUE.get(refusal.code, refusal.detail)
    return " ".join(f"{_title(str(name))}: {_complaint(str(messages))}." for name, messages in sorted(fields.items()))


def _complaint(messages: str) -> str:
    most = most_characters(messages)
    return "valor inválido" if most is None else f"no máximo {most} caracteres"


def _title(name: str) -> str:
    return TITLES.get(name) or (title_of(name) if name in FIELDS else name)
