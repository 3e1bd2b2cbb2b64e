"""Reading a CSV of products: its columns, and the product of each line or why it is refused (row S24).

No store or clock may enter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from services.chassis.csv_text import clean, detect_encoding, read_header, records
from services.chassis.errors import Invalid
from services.chassis.schemas import load
from services.chassis.spreadsheets import unprotect
from services.sales.products import columns, contract
from services.sales.products.columns import FIELDS, field_of
from services.sales.products.model import ADDED, CHANGED, REFUSED, UNCHANGED, Product
from services.sales.shared.product_codes import product_key

Data = dict[str, Any]

UNREADABLE = "Linha ilegível: verifique as aspas e as quebras de linha."
MOST_LINES = contract.MOST_LINES


@dataclass
class Line:
    """A line of the file; `changes`: the fields that its cells give, without the code."""

    line: int
    code: str = ""
    changes: Data = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    outcome: str = REFUSED

    @property
    def data(self) -> Data:
        return {"code": self.code, **self.changes}

    def settle(self, known: Product | None, skip: bool) -> None:
        """Sets the outcome; `known`: the product with its code. `skip`: leave existing products as they are."""
        if known is None and not self.reasons and "description" not in self.changes:
            self.reasons.append("Descrição: falta, e o produto é novo.")
        if self.reasons:
            self.outcome = REFUSED
        elif known is None:
            self.outcome = ADDED
        else:
            self.outcome = UNCHANGED if skip or not known.differs(self.changes) else CHANGED


@dataclass(frozen=True)
class Import:
    """`columns`: each header with its field, or None."""

    columns: list[Data]
    lines: list[Line]

    @classmethod
    def of(cls, file: bytes) -> Import:
        """Raises Invalid: import_file_unreadable, import_columns_missing, import_too_long."""
        encoding = detect_encoding(file)
        header = read_header([file], encoding, None, lambda cells: sum(field_of(cell) is not None for cell in cells))
        names = _each_once([field_of(name) for name in header.names])
        if "code" not in names:
            detail = "O arquivo não tem a coluna do código do produto."
            raise Invalid("import_columns_missing", detail, fields={"file": [detail]})
        found = records(
            [file[header.rows_at :]], encoding, header.separator, header.rows_at, header.first_line, header.line_end
        )
        filled = ((one.line, one.cells) for one in found if one.cells is None or any(map(clean, one.cells)))
        rows = list(islice(filled, MOST_LINES + 1))
        if len(rows) > MOST_LINES:
            detail = f"O arquivo tem mais de {MOST_LINES} produtos; importe no máximo tantos de cada vez."
            raise Invalid("import_too_long", detail, fields={"file": [detail]})
        columns = [{"header": name, "field": read} for name, read in zip(header.names, names, strict=True)]
        return cls(columns, list(_lines(names, rows)))


def _each_once(names: Sequence[str | None]) -> list[str | None]:
    """Only the first column of each field is read."""
    return [name if name not in names[:index] else None for index, name in enumerate(names)]


def _lines(names: Sequence[str | None], rows: Sequence[tuple[int, list[str] | None]]) -> Iterator[Line]:
    cells = [{} if row is None else _cells(names, row) for _, row in rows]
    by_comma = any("," in one.get("price", "") for one in cells)
    first: dict[str, int] = {}
    for (number, row), given in zip(rows, cells, strict=True):
        line = Line(number, reasons=[UNREADABLE]) if row is None else _line(number, given, by_comma)
        if row is not None and any(clean(cell) for cell in row[len(names) :]):
            line.reasons.append("A linha tem mais colunas que o cabeçalho.")
        if line.code and first.setdefault(product_key(line.code), number) != number:
            line.reasons.append(f"O código já está na linha {first[product_key(line.code)]}.")
        yield line


def _cells(names: Sequence[str | None], row: Sequence[str]) -> dict[str, str]:
    """The filled cells by field."""
    pairs = ((name, unprotect(clean(cell))) for name, cell in zip(names, row, strict=False))
    return {name: cell for name, cell in pairs if name and cell}


def _line(number: int, cells: dict[str, str], by_comma: bool) -> Line:
    line, given = Line(number), dict[str, Any]()
    for name, cell in cells.items():
        try:
            given[name] = FIELDS[name].read(cell, by_comma)
        except columns.UnreadableCell as unread:
            line.reasons.append(f"{FIELDS[name].title}: {unread}")
    active = given.pop("active", None)
    fiscal = {name: given.pop(name) for name in columns.FISCAL if name in given}
    try:
        loaded = load(contract.AddProduct, {"description": "-", **given, **({"fiscal": fiscal} if fiscal else {})})
    except Invalid as refusal:
        line.reasons += _reasons(refusal.params.get("fields") or {})
        loaded = {}
    line.code = loaded.pop("code", given.get("code", ""))
    line.changes = {
        **{name: value for name, value in loaded.items() if name != "description" or "description" in given},
        **({"active": active} if active is not None else {}),
    }
    return line


def _reasons(fields: Data) -> list[str]:
    found: list[str] = []
    for name, messages in fields.items():
        if isinstance(messages, dict):
            found += _reasons(messages)
        else:
            title = FIELDS[name].title if name in FIELDS else name
            found += [f"{title}: {message}" for message in messages]
    return found
