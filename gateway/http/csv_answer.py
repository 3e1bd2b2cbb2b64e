"""A CSV as a streamed answer: page by page, in bounded memory, in the form that the chosen spreadsheet program reads.

The first page is asked for before the answer begins, so that a refusal is a problem and not a broken file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from flask import Response, stream_with_context

from gateway.http.downloads import as_download
from services.chassis.spreadsheets import transliterate

# name: (separator, encoding, byte order mark)
PROFILES = {
    "excel-br": (";", "utf-8", "\ufeff"),
    "excel-br-1252": (";", "windows-1252", ""),
    "utf-8": (",", "utf-8", ""),
}

Rows = Sequence[Sequence[Any]]


def answer(name: str, profile: str, titles: Sequence[str], pages: Callable[[Any], tuple[Rows, Any]]) -> Response:
    """`pages(cursor)` returns the rows of a page and the next cursor, None at the end; the first cursor is None."""
    first = pages(None)
    body = content(profile, titles, _chain(first, pages))
    return as_download(stream_with_context(body), name, f"text/csv; charset={PROFILES[profile][1]}")


def content(profile: str, titles: Sequence[str], pages: Iterable[Rows]) -> Iterator[bytes]:
    """The bytes of the file. The caller has protected the cells against formulas already (chassis/spreadsheets.py)."""
    separator, encoding, mark = PROFILES[profile]
    return (_encoded(text, encoding) for text in _texts(separator, mark, titles, pages))


def _chain(first: tuple[Rows, Any], pages: Callable[[Any], tuple[Rows, Any]]) -> Iterator[Rows]:
    rows, cursor = first
    yield rows
    while cursor is not None:
        rows, cursor = pages(cursor)
        yield rows


def _texts(separator: str, mark: str, titles: Sequence[str], pages: Iterable[Rows]) -> Iterator[str]:
    yield mark + _lines(separator, [titles])
    for rows in pages:
        yield _lines(separator, rows)


def _lines(separator: str, rows: Rows) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _encoded(text: str, encoding: str) -> bytes:
    """`text` as bytes: a character that Windows-1252 lacks is written without its accent, or as a question mark."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return transliterate(text, encoding).encode(encoding)
