"""Reads the bytes of an uploaded CSV as records, each with its line and the offset after it, from any offset on.

Its memory is bounded, whatever the file's size. Only charset-normalizer may enter; no framework, no store.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from charset_normalizer import from_bytes

from services.chassis.errors import Invalid

ENCODINGS = ("utf-8", "windows-1252", "utf-16-le", "utf-16-be", "cp850", "mac-roman")
SEPARATORS = {";": ";", ",": ",", "tab": "\t", "|": "|"}
LONGEST_LINE = 1 << 20
# The most lines and bytes of a record with quoted line breaks. After an unclosed quote, each following line is parsed
# again: without these limits, a file of such lines would cost its length squared.
MOST_SPANNED, LONGEST_RECORD = 500, 1 << 20
MOST_COLUMNS = 200
# A file of an old Mac has a carriage return instead.
LINE_END = "\n"
# The header is searched in the first lines and records, since there may be titles above it.
HEADER_LINES, HEADER_RECORDS = 60, 20
HEAD_BYTES = 64 * 1024
# A record with so many known columns is a header.
KNOWN_AT_LEAST = 2
# charset-normalizer's names of the encodings of Brazilian files that are not Unicode
LEGACY = {"cp1252": "windows-1252", "cp850": "cp850", "mac_roman": "mac-roman"}
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1f]")
PORTUGUESE = set("áàâãéêíóôõúüçñ")
LETTERS = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9ºª°–—‘’“”´`]")


@dataclass(frozen=True)
class Record:
    """A record: `line`: its first line's number; `end`: the offset in bytes after it; `cells`: None if unreadable."""

    line: int
    end: int
    next_line: int
    cells: list[str] | None


@dataclass(frozen=True)
class Header:
    """The names of the columns, the separator (by name), where the rows begin, and what ends a line."""

    names: list[str]
    separator: str
    rows_at: int
    first_line: int
    line_end: str = LINE_END


def unreadable(detail: str) -> Invalid:
    return Invalid("import_file_unreadable", detail, fields={"file": [detail]})


def detect_encoding(sample: bytes) -> str:
    """The encoding of a file: by its byte order mark, else UTF-8 where that is valid, else the likeliest old one.

    Raises Invalid("import_file_unreadable").
    """
    for mark, encoding in BOMS:
        if sample.startswith(mark):
            return encoding
    if sample.startswith(b"PK\x03\x04"):
        raise unreadable("O arquivo é uma planilha: salve-a como CSV e envie o CSV.")
    if sample.count(0) > len(sample) / 100 or CONTROLS.search(sample):
        return _utf16_without_mark(sample)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # a character cut at the end is no error
    except UnicodeDecodeError:
        return _legacy(sample)
    return "utf-8"


def _utf16_without_mark(sample: bytes) -> str:
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < len(sample) / 8 or min(even, odd) > len(sample) / 50:
        raise unreadable("O arquivo não é um CSV.")
    return "utf-16-le" if odd > even else "utf-16-be"


def _legacy(sample: bytes) -> str:
    """Windows-1252, unless its reading of the accents is poor and another one's is better."""
    accented = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:20_000]
    if _oddness(accented, "windows-1252") == 0:
        return "windows-1252"
    best = from_bytes(accented, cp_isolation=list(LEGACY), threshold=0.9).best()
    guesses = [LEGACY.get(best.encoding, "windows-1252") if best else "windows-1252", *LEGACY.values()]
    return min(guesses, key=lambda encoding: (_oddness(accented, encoding), _foreignness(accented, encoding)))


def _oddness(text: bytes, encoding: str) -> int:
    """How many characters beyond ASCII are neither letters nor signs of Portuguese texts."""
    decoded = text.decode(encoding, errors="replace")
    return sum(not char.isascii() and not LETTERS.match(char) for char in decoded)


def _foreignness(text: bytes, encoding: str) -> int:
    """How many letters are not letters of Portuguese."""
    decoded = text.decode(encoding, errors="replace").lower()
    return sum(not char.isascii() and char.isalpha() and char not in PORTUGUESE for char in decoded)


def read_header(
    chunks: Iterable[bytes],
    encoding: str,
    separator: str | None = None,
    known: Callable[[Sequence[str]], int] = len,
) -> Header:
    """The header: the record with most `known` cells (a function that counts them), else the first record.

    `separator` None: the one that gives most columns. Raises Invalid("import_file_unreadable").
    """
    lines, line_end = _first_lines(chunks, encoding)
    declared = next((re.fullmatch(r"sep=(.)\s*", text) for text, _ in lines if text.strip()), None)
    if declared:  # written by spreadsheets, for themselves
        separator = separator or next((name for name, sign in SEPARATORS.items() if sign == declared[1]), None)
    tried = {name: _first_records(lines, name) for name in ([separator] if separator else SEPARATORS)}
    if not any(tried.values()):
        raise unreadable("O arquivo está vazio.")
    best = max(tried, key=lambda name: _score(tried[name], known))
    record = _header_of(tried[best], known)
    if record is None or record.cells is None:
        raise unreadable("O cabeçalho do arquivo não pôde ser lido.")
    if len(record.cells) > MOST_COLUMNS:
        raise unreadable(f"O arquivo tem mais de {MOST_COLUMNS} colunas.")
    return Header([clean(name)[:200] for name in record.cells], best, record.end, record.next_line, line_end)


def _first_lines(chunks: Iterable[bytes], encoding: str) -> tuple[list[tuple[str, int]], str]:
    """The first lines, and the line end: a carriage return where it alone ends the first line (an old Mac's file)."""
    source, head = iter(chunks), b""
    for chunk in source:
        head += chunk
        if len(head) >= HEAD_BYTES:
            break
    text = head.decode(encoding, errors="replace")
    first = re.search(r"\r+\n|\r|\n", re.sub(r'"[^"]*"', "", text))
    line_end = "\r" if first and first[0] == "\r" else LINE_END
    return list(islice(_Lines(chain([head], source), encoding, line_end).source, HEADER_LINES)), line_end


def _first_records(lines: Sequence[tuple[str, int]], separator: str) -> list[Record]:
    """The first records, without blank ones and without the line in which a spreadsheet names its separator."""
    source = _Lines((), "utf-8")
    source.give(lines)
    found = (record for record in _records(source, separator, 0, 1) if record.cells is None or any(record.cells))
    named = re.compile(r"sep=.?\s*")
    kept = (one for one in found if not (one.cells and named.fullmatch(one.cells[0].strip() or "-")))
    return list(islice(kept, HEADER_RECORDS))


def _known(record: Record, known: Callable[[Sequence[str]], int]) -> int:
    return known(record.cells) if record.cells else 0


def _header_of(found: Sequence[Record], known: Callable[[Sequence[str]], int]) -> Record | None:
    """The record with most known columns; one known column is enough only below titles of a single cell."""
    best = max(found, key=lambda record: _known(record, known), default=None)
    count = _known(best, known) if best else 0
    above = [sum(map(bool, record.cells or ())) for record in found[: found.index(best)]] if best else []
    return best if count >= KNOWN_AT_LEAST or (count and set(above) == {1}) else next(iter(found), None)


def _score(found: Sequence[Record], known: Callable[[Sequence[str]], int]) -> tuple[int, int]:
    header = _header_of(found, known)
    if header is None or header.cells is None:
        return 0, 0
    count = _known(header, known)
    return (count if count >= KNOWN_AT_LEAST else 0), len(header.cells)


def records(
    chunks: Iterable[bytes], encoding: str, separator: str, offset: int, line: int, line_end: str = LINE_END
) -> Iterator[Record]:  # fmt: skip
    """The records from `offset` on, where `chunks` and line number `line` begin.

    Raises Invalid("import_file_unreadable") at a line of more than a mebibyte.
    """
    return _records(_Lines(chunks, encoding, line_end), separator, offset, line)


def clean(cell: str) -> str:
    """A cell without NUL, which cannot be stored, and without surrounding space."""
    return cell.replace("\0", "").strip()


def _records(source: _Lines, separator: str, offset: int, line: int) -> Iterator[Record]:
    while True:
        cells = _next_record(source, separator)
        if cells is None and not source.taken:
            return
        count = len(source.taken)
        offset += source.take()
        yield Record(line, offset, line + count, cells)
        line += count


def _next_record(source: _Lines, separator: str) -> list[str] | None:
    """The cells of the next record. Where its quotes are wrong: None, and only its first line is consumed."""
    reader = csv.reader(source, delimiter=SEPARATORS[separator], strict=True)
    try:
        return next(reader, None)
    except csv.Error:
        source.give_back(from_index=1)
        return None


class _Lines:
    """Physical lines as text; `taken` holds those handed out since the last `take`, each with its size in bytes."""

    def __init__(self, chunks: Iterable[bytes], encoding: str, line_end: str = LINE_END) -> None:
        utf16 = encoding.startswith("utf-16")
        self.source = (_utf16_lines if utf16 else _byte_lines)(chunks, encoding, line_end)
        self._again: deque[tuple[str, int]] = deque()
        self.taken: list[tuple[str, int]] = []
        self._size = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        """The next line of the record that is being read; none where it has as much as a record may have."""
        if len(self.taken) == MOST_SPANNED or self._size > LONGEST_RECORD:
            raise StopIteration
        found = self._again.popleft() if self._again else next(self.source)
        self.taken.append(found)
        self._size += found[1]
        return found[0]

    def give(self, lines: Iterable[tuple[str, int]]) -> None:
        self._again.extend(lines)

    def give_back(self, from_index: int) -> None:
        self._again.extendleft(reversed(self.taken[from_index:]))
        del self.taken[from_index:]
        self._size = sum(size for _, size in self.taken)

    def take(self) -> int:
        """Forgets the lines handed out; returns their size in bytes."""
        size, self._size = self._size, 0
        self.taken.clear()
        return size


def _byte_lines(chunks: Iterable[bytes], encoding: str, line_end: str) -> Iterator[tuple[str, int]]:
    end, rest = line_end.encode(), b""
    for chunk in chunks:
        whole = (rest + chunk).split(end)
        rest = whole.pop()
        for line in whole:
            yield _ended(_decoded(line, encoding)), len(line) + 1
        _refuse_long(len(rest))
    if rest:
        yield _decoded(rest, encoding), len(rest)


def _ended(line: str) -> str:
    """The line with one "\\n"; some programs write two carriage returns before it."""
    return line.rstrip("\r") + "\n"


def _utf16_lines(chunks: Iterable[bytes], encoding: str, line_end: str) -> Iterator[tuple[str, int]]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    rest = ""
    for chunk in chunks:
        whole = (rest + decoder.decode(chunk)).split(line_end)
        rest = whole.pop()
        for line in whole:
            yield _ended(line.removeprefix("\ufeff")), len(f"{line}{line_end}".encode(encoding))
        _refuse_long(len(rest))
    if rest:
        yield rest.removeprefix("\ufeff"), len(rest.encode(encoding))


def _decoded(line: bytes, encoding: str) -> str:
    """A decoded line; one that is not UTF-8 in a UTF-8 file is read as Windows-1252, which is hardly ever wrong."""
    if encoding != "utf-8":
        return line.decode(encoding, errors="replace")
    try:
        return line.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        return line.decode("windows-1252", errors="replace")


def _refuse_long(size: int) -> None:
    if size > LONGEST_LINE:
        raise unreadable("O arquivo tem uma linha longa demais.")
