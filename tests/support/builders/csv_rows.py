"""The bytes of a CSV as an import reads them, without a database: header, records, and what becomes of each row."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from types import SimpleNamespace
from typing import Any, cast

from services.chassis.csv_text import Record, detect_encoding, read_header, records
from services.chassis.handling.session import Actor
from services.people.categories.model import Category, Characteristic
from services.people.imports.model.imports import PART_BYTES, Import
from services.people.imports.model.layouts import known_columns
from services.people.imports.rows import Row, Rows
from services.people.persons.model.person import Person
from services.people.session import PeopleSession

NOW = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)


def pieces(content: bytes, size: int = 7) -> Iterator[bytes]:
    return iter([content[at : at + size] for at in range(0, len(content), size)])


def read(content: str | bytes, size: int = 7) -> tuple[list[str], list[Record]]:
    """Header and records; `size` of the parts in which the file comes."""
    raw = content.encode() if isinstance(content, str) else content
    encoding = detect_encoding(raw)
    header = read_header(pieces(raw, size), encoding, known=known_columns)
    rest = pieces(raw[header.rows_at :], size)
    found = records(rest, encoding, header.separator, header.rows_at, header.first_line, header.line_end)
    return header.names, [record for record in found if record.cells != []]


@dataclass
class File:
    """An import as it is recognised, and its rows by the line where each starts."""

    read: Import
    rows: dict[int, Row]


def read_file(
    content: str | bytes,
    category: str = "prospect",
    categories: Sequence[Category] = (),
    characteristics: Sequence[Characteristic] = (),
) -> File:
    """`categories` and `characteristics` are the company's own."""
    raw = content.encode() if isinstance(content, str) else content
    begun = Import.begin("i", "c", "x.csv", len(raw), Actor("u", "Ana"), NOW)
    begun.parts = begun.expected_parts
    sample = raw[:PART_BYTES]
    encoding = detect_encoding(sample)
    begun.recognised(encoding, read_header(chain([sample], [raw[PART_BYTES:]]), encoding, known=known_columns))
    begun.category = category
    numbers = itertools.count(1)
    session = SimpleNamespace(
        categories=SimpleNamespace(all=lambda: list(categories)),
        characteristics=SimpleNamespace(all=lambda: list(characteristics)),
        imports=SimpleNamespace(bytes_from=lambda _, offset: iter([raw[offset:]])),
        new_id=lambda: f"p{next(numbers)}",
        now=NOW,
    )
    rows = Rows(cast(PeopleSession, session), begun)
    return File(begun, {record.line: rows.checked(record) for record in filter(rows.is_row, rows.records())})


def outcome_of(row: Row) -> dict[str, Any]:
    """What came of a row, short enough to be read in an expectation; what is empty is not said."""
    if row.person is None:
        return {"refused": row.reason}
    said = {**_content_of(row.person), "left_out": row.left_out}
    return {name: value for name, value in said.items() if value}


def _content_of(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "short_name": person.short_name,
        "trade_name": person.trade_name,
        "document": person.document,
        "state_registration": person.state_registration,
        "categories": person.categories if person.categories != ["prospect"] else None,
        "characteristics": person.characteristics,
        "emails": [item["address"] for item in _main_first(person.emails)],
        "phones": [" ramal ".join(filter(None, (p["number"], p["extension"]))) for p in _main_first(person.phones)],
        "addresses": [_address(item) for item in person.addresses],
        "contacts": [item["name"] for item in person.contacts],
    }


def _address(item: dict[str, Any]) -> str:
    parts = (
        item.get(part) or "" for part in ("street", "number", "complement", "district", "city", "state", "postal_code")
    )
    return f"{item['kind']}: " + ", ".join(filter(None, parts))


def _main_first(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: not item["main"])
