"""A record of an imported file as a person to be, or as the reason why not, in Portuguese and without the value."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from services.chassis.errors import Invalid
from services.chassis.schemas import load
from services.people import contract
from services.people.domain import Person
from services.people.domain.columns import IMPORTED, RowRefused, to_data
from services.people.domain.csv_text import Record, clean, records
from services.people.domain.imports import Import
from services.people.store.imports import Imports

PREVIEW_ROWS = 10
PREVIEW_CHECKED = 200
PREVIEW_ERRORS = 20
UNREADABLE = "Linha ilegível: verifique as aspas e as quebras de linha."
# Names of lists in the field table.
TITLES = {"addresses": "Endereço"}
# Refusals whose own sentence repeats the value.
WITHOUT_VALUE = {"phone_invalid": "Telefone inválido: informe o DDD e o número."}
TOO_LONG = re.compile(r"(?:maximum length|between 1 and) (\d+)\.")


@dataclass(frozen=True)
class Row:
    """Either `person` or `reason` is given."""

    line: int
    person: Person | None
    reason: str | None


def rows_from(imports: Imports, read: Import) -> Iterator[Record]:
    """The records that are not blank, from where the import has come to."""
    chunks = imports.bytes_from(read, read.position)
    found = records(chunks, read.encoding, read.separator, read.position, read.line)
    return (record for record in found if record.cells is None or any(clean(cell) for cell in record.cells))


def checked(read: Import, record: Record, new_id: Callable[[], str], now: dt.datetime) -> Row:
    """All that can be said about a row without asking the database."""
    if record.cells is None:
        return Row(record.line, None, UNREADABLE)
    try:
        cells = [clean(cell) for cell in record.cells]
        data = load(contract.RegisterPerson, to_data(read.fields, cells, read.layout, read.category))
        return Row(record.line, Person.register(id=new_id(), code=0, data=data, now=now), None)
    except RowRefused as refusal:
        return Row(record.line, None, str(refusal))
    except Invalid as refusal:
        return Row(record.line, None, _reason(refusal))


def preview(imports: Imports, read: Import, new_id: Callable[[], str], now: dt.datetime) -> dict[str, Any]:
    """The first rows and refusals; names no duplicates, for which the whole file would have to be read."""
    found = list(islice(rows_from(imports, read), PREVIEW_CHECKED))
    rows = [checked(read, record, new_id, now) for record in found]
    refused = [{"line": row.line, "reason": row.reason} for row in rows if row.reason]
    shown = zip(found[:PREVIEW_ROWS], rows, strict=False)
    return {
        "rows": [
            {"line": row.line, "cells": [clean(cell)[:200] for cell in record.cells or []], "reason": row.reason}
            for record, row in shown
        ],
        "checked": len(rows),
        "refused": len(refused),
        "errors": refused[:PREVIEW_ERRORS],
    }


def _reason(refusal: Invalid) -> str:
    fields = refusal.params.get("fields") or {}
    if refusal.code != "input_invalid":
        return WITHOUT_VALUE.get(refusal.code, refusal.detail)
    return " ".join(f"{_title(str(name))}: {_complaint(str(messages))}." for name, messages in sorted(fields.items()))


def _complaint(messages: str) -> str:
    long = TOO_LONG.search(messages)
    return f"no máximo {long[1]} caracteres" if long else "valor inválido"


def _title(field: str) -> str:
    return TITLES.get(field) or (IMPORTED[field].title if field in IMPORTED else field)
