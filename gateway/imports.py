"""Rows of an uploaded CSV, one by one, as RegisterPerson data or as a reason to refuse.

Light checks only: `people` decides. Bounded memory, whatever the file's size; no framework may enter.
"""

from __future__ import annotations

import codecs
import csv
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, AnyStr, BinaryIO

from gateway.import_layouts import LAYOUTS, Cells, RowRefused, fold
from services.chassis.errors import Invalid

CHUNK = 64 * 1024
LONGEST_LINE = 1024 * 1024
SEPARATORS = (",", ";", "\t")
UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

Reader = Callable[[Cells], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """`line` is where the row starts in the file; either `person` or `reason` is given."""

    line: int
    person: dict[str, Any] | None
    reason: str | None


def read_rows(stream: BinaryIO, layout: str) -> Iterator[Row]:
    """layout: google, generic or auto. Raises Invalid("import_layout_unknown") at once for an unreadable file."""
    lines = _lines(stream)
    first = next(lines, "")
    skipped = 0
    if re.fullmatch(r"sep=.\s*", first):  # written by spreadsheets, for themselves
        first, skipped = next(lines, ""), 1
    header, separator = _header(first)
    to_person = _layout(header, layout)
    return _rows(lines, header, separator, skipped + 1, to_person)


def unknown(detail: str) -> Invalid:
    return Invalid("import_layout_unknown", detail, fields={"file": [detail]})


def _rows(lines: Iterable[str], header: list[str], separator: str, before: int, to_person: Reader) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=separator)
    while True:
        line = before + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(line, None, "Linha ilegível: verifique as aspas e as quebras de linha.")
            continue
        if any(cell.strip() for cell in cells):
            yield _row(line, header, cells, to_person)


def _row(line: int, header: list[str], cells: list[str], to_person: Reader) -> Row:
    if len(cells) != len(header):
        return Row(line, None, f"A linha tem {len(cells)} colunas, e o cabeçalho tem {len(header)}.")
    found: Cells = {}
    for name, cell in zip(header, cells, strict=True):
        found.setdefault(name, []).append(cell.replace("\0", "").strip())
    try:
        return Row(line, to_person(found), None)
    except RowRefused as refusal:
        return Row(line, None, str(refusal))


def _header(first: str) -> tuple[list[str], str]:
    """The folded header names and the separator that yields most of them."""
    if not first.strip():
        raise unknown("O arquivo está vazio.")
    separator = max(SEPARATORS, key=lambda candidate: len(_split_header(first, candidate)))
    return [fold(name) for name in _split_header(first, separator)], separator


def _split_header(first: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([first], delimiter=separator), [])
    except csv.Error:
        return []


def _layout(header: list[str], asked: str) -> Reader:
    if asked not in ("auto", *LAYOUTS):
        raise unknown(f"Formato desconhecido: {asked}. Use google, generic ou auto.")
    for name, (recognises, to_person) in LAYOUTS.items():
        if asked in ("auto", name) and recognises(set(header)):
            return to_person
    raise unknown("O cabeçalho do arquivo não foi reconhecido: falta uma coluna de nome.")


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Physical lines as text: UTF-8 or UTF-16 by its mark; any other line is Windows-1252."""
    head = stream.read(CHUNK)
    encoding = UTF16.get(head[:2])
    chunks = itertools.chain([head], iter(lambda: stream.read(CHUNK), b""))
    if encoding:
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        texts = (decoder.decode(chunk) for chunk in chunks)
        return (line.removeprefix("\ufeff") for line in _split(texts, "\n"))
    if b"\0" in head:
        raise unknown("O arquivo não é um CSV.")
    return (_decoded(line) for line in _split(chunks, b"\n"))


def _decoded(line: bytes) -> str:
    """Line by line: Windows-1252 text with accents is hardly ever valid UTF-8."""
    line = line.removeprefix(codecs.BOM_UTF8)
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _split(chunks: Iterable[AnyStr], end: AnyStr) -> Iterator[AnyStr]:
    rest = end[:0]
    for chunk in chunks:
        whole = (rest + chunk).split(end)
        rest = whole.pop()
        for line in whole:
            yield line + end
        if len(rest) > LONGEST_LINE:
            raise unknown("O arquivo tem uma linha longa demais.")
    if rest:
        yield rest
