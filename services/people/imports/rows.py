"""A record of an imported file as a person to be, or as the reason why not, in Portuguese and without the value."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from services.chassis.errors import Conflict, Invalid
from services.chassis.messages import most_characters
from services.chassis.schemas import load
from services.people.categories.model import CATEGORIES
from services.people.imports.model.columns import FIELDS, title_of
from services.people.imports.model.csv_text import Record, clean, records
from services.people.imports.model.imports import Import
from services.people.imports.model.naming import Names
from services.people.imports.model.reading import Reading, RowRefused
from services.people.imports.model.rows import RowReader
from services.people.persons import contract
from services.people.persons.model.lists import LISTS
from services.people.persons.model.person import Person
from services.people.session import PeopleSession

log = logging.getLogger(__name__)

# What a row that nobody has thought of may raise: it costs itself, and no other row.
DEFECTS = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)
PREVIEW_ROWS = 10
# Each leaves out what the contract names at once; further ones are of what comes to light behind it.
MOST_ROUNDS = 5
PREVIEW_CHECKED = 200
PREVIEW_ERRORS = 20
UNREADABLE = "Linha ilegível: verifique as aspas e as quebras de linha."
# Names of lists in the field table.
TITLES = {"addresses": "Endereço"}
# Refusals whose own sentence repeats the value.
WITHOUT_VALUE = {"phone_invalid": "Telefone inválido: informe o DDD e o número."}
# Without them there is no person, or another one.
CLIENT = "client"
NEEDED = ("name", "document", "categories", "import_key")


@dataclass(frozen=True)
class Row:
    """Either `person`, with its `reading`, or `reason` is given; after the row the file goes on at `end`."""

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
        """Of a new person."""
        return [*self.reading.left_out, *self.reading.only_new]


class Rows:
    """The rows of one import, as its company names its categories and characteristics now."""

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
        """Those that are neither blank nor the header again, from where the import has come to."""
        read = self._read
        chunks = self._session.imports.bytes_from(read, read.position)
        found = records(chunks, read.encoding, read.separator, read.position, read.line, read.line_end)
        return (one for one in found if one.cells is None or self._says_something([clean(cell) for cell in one.cells]))

    def _says_something(self, cells: list[str]) -> bool:
        return any(cells) and not self._reader.repeats_header(cells)

    def checked(self, record: Record) -> Row:
        """All that can be said about a row without asking the database."""
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
        """Raises Invalid. Who lacks what a client needs comes in without that category, unless everybody gets it."""
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
    """The first rows and refusals; names no duplicates, for which the whole file would have to be read."""
    reader = Rows(session, read)
    found = list(islice(reader.records(), PREVIEW_CHECKED))
    rows = [reader.checked(record) for record in found]
    refused = [{"line": row.line, "reason": row.reason} for row in rows if row.reason]
    shown = zip(found[:PREVIEW_ROWS], rows, strict=False)
    return {
        "rows": [
            {
                "line": row.line,
                "cells": [clean(cell)[:200] for cell in record.cells or []],
                "reason": row.reason,
                "left_out": row.left_out,
            }
            for record, row in shown
        ],
        "checked": len(rows),
        "refused": len(refused),
        "errors": refused[:PREVIEW_ERRORS],
    }


def _usable(reading: Reading, ids: list[str], usable: Collection[str]) -> list[str]:
    """Without what the company has put out of use."""
    kept = [one for one in ids if one in usable]
    if len(kept) < len(ids):
        reading.leave(title_of("categories"), "uma categoria ou característica fora de uso", new=True)
    return kept


def _loaded(reading: Reading) -> dict[str, Any]:
    """As the contract takes it: what it refuses is left out, but for what a person needs; raises Invalid."""
    for _ in range(MOST_ROUNDS):
        try:
            data = load(contract.RegisterPerson, reading.data)
        except Invalid as refusal:
            _leave_out(reading, refusal)
        else:
            return _prepared(reading, data)
    raise RowRefused("Linha inválida.")


def _leave_out(reading: Reading, refusal: Invalid) -> None:
    """Raises the refusal where it is about something that a person needs."""
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
    """Without the items that the rules of their list refuse."""
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
    """In Portuguese and without the value."""
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
