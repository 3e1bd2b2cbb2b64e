"""The bytes of an uploaded CSV as records, each with its line and the offset after it, from any offset on.

Bounded memory, whatever the file's size. Only charset-normalizer may enter; no framework, no store.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from charset_normalizer import from_bytes

from services.chassis.errors import Invalid

ENCODINGS = ("utf-8", "windows-1252", "utf-16-le", "utf-16-be", "cp850", "mac-roman")
SEPARATORS = {";": ";", ",": ",", "tab": "\t", "|": "|"}
LONGEST_LINE = 1 << 20
MOST_COLUMNS = 200
# charset-normalizer's names of what Brazilian files are written in, when they are no Unicode
LEGACY = {"cp1252": "windows-1252", "cp850": "cp850", "mac_roman": "mac-roman"}
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1f]")
LETTERS = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9ºª°–—‘’“”´`]")


@dataclass(frozen=True)
class Record:
    """`line` is where it starts, `end` the offset after it; `cells` is None where the line cannot be read."""

    line: int
    end: int
    next_line: int
    cells: list[str] | None


@dataclass(frozen=True)
class Header:
    """What the first record says: its names, its separator (by name), and where the rows begin."""

    names: list[str]
    separator: str
    rows_at: int
    first_line: int


def unreadable(detail: str) -> Invalid:
    return Invalid("import_file_unreadable", detail, fields={"file": [detail]})


def detect_encoding(sample: bytes) -> str:
    """By its mark, else UTF-8 where it is valid, else the likeliest of the old ones; raises Invalid."""
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
    return min(guesses, key=lambda encoding: _oddness(accented, encoding))


def _oddness(text: bytes, encoding: str) -> int:
    """How many of the characters beyond ASCII are none of Portuguese."""
    decoded = text.decode(encoding, errors="replace")
    return sum(not char.isascii() and not LETTERS.match(char) for char in decoded)


def read_header(chunks: Iterable[bytes], encoding: str, separator: str | None = None) -> Header:
    """`separator` None asks for the one that yields most columns; raises Invalid("import_file_unreadable")."""
    source = _Lines(chunks, encoding)
    offset, line, first = 0, 0, ""
    for first in source:
        line += 1
        declared = re.fullmatch(r"sep=(.)\s*", first)  # written by spreadsheets, for themselves
        if declared:
            separator = separator or next((name for name, sign in SEPARATORS.items() if sign == declared[1]), None)
        elif first.strip():
            break
        offset += source.take()
    if not first.strip() or line == 0:
        raise unreadable("O arquivo está vazio.")
    source.give_back(from_index=0)
    chosen = separator or max(SEPARATORS, key=lambda candidate: len(_split(first, candidate)))
    record = next(_records(source, chosen, offset, line), None)
    if record is None or record.cells is None:
        raise unreadable("O cabeçalho do arquivo não pôde ser lido.")
    if len(record.cells) > MOST_COLUMNS:
        raise unreadable(f"O arquivo tem mais de {MOST_COLUMNS} colunas.")
    return Header([clean(name)[:200] for name in record.cells], chosen, record.end, record.next_line)


def records(chunks: Iterable[bytes], encoding: str, separator: str, offset: int, line: int) -> Iterator[Record]:
    """From `offset`, where `chunks` begin and line number `line` starts; blank lines are passed over silently.

    Raises Invalid("import_file_unreadable") at a line of more than a mebibyte.
    """
    return _records(_Lines(chunks, encoding), separator, offset, line)


def clean(cell: str) -> str:
    """Without NUL, which cannot be stored, and without surrounding space."""
    return cell.replace("\0", "").strip()


def _records(source: _Lines, separator: str, offset: int, line: int) -> Iterator[Record]:
    while True:
        cells = _one(source, separator)
        if cells is None and not source.taken:
            return
        count = len(source.taken)
        offset += source.take()
        yield Record(line, offset, line + count, cells)
        line += count


def _one(source: _Lines, separator: str) -> list[str] | None:
    """One record; where quotes are wrong, one line is lost and those after it are read again."""
    reader = csv.reader(source, delimiter=SEPARATORS[separator], strict=True)
    try:
        return next(reader, None)
    except csv.Error:
        source.give_back(from_index=1)
        return None


def _split(first: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([first], delimiter=SEPARATORS[separator]), [])
    except csv.Error:
        return []


class _Lines:
    """Physical lines as text; `taken` holds those handed out since the last `take`, each with its size in bytes."""

    def __init__(self, chunks: Iterable[bytes], encoding: str) -> None:
        utf16 = encoding.startswith("utf-16")
        self._source = _utf16_lines(chunks, encoding) if utf16 else _byte_lines(chunks, encoding)
        self._again: deque[tuple[str, int]] = deque()
        self.taken: list[tuple[str, int]] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        found = self._again.popleft() if self._again else next(self._source)
        self.taken.append(found)
        return found[0]

    def give_back(self, from_index: int) -> None:
        self._again.extendleft(reversed(self.taken[from_index:]))
        del self.taken[from_index:]

    def take(self) -> int:
        """The bytes of what was handed out."""
        size = sum(size for _, size in self.taken)
        self.taken.clear()
        return size


def _byte_lines(chunks: Iterable[bytes], encoding: str) -> Iterator[tuple[str, int]]:
    rest = b""
    for chunk in chunks:
        whole = (rest + chunk).split(b"\n")
        rest = whole.pop()
        for line in whole:
            yield _decoded(line + b"\n", encoding), len(line) + 1
        _refuse_long(len(rest))
    if rest:
        yield _decoded(rest, encoding), len(rest)


def _utf16_lines(chunks: Iterable[bytes], encoding: str) -> Iterator[tuple[str, int]]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    rest = ""
    for chunk in chunks:
        whole = (rest + decoder.decode(chunk)).split("\n")
        rest = whole.pop()
        for line in whole:
            yield f"{line}\n".removeprefix("\ufeff"), len(f"{line}\n".encode(encoding))
        _refuse_long(len(rest))
    if rest:
        yield rest.removeprefix("\ufeff"), len(rest.encode(encoding))


def _decoded(line: bytes, encoding: str) -> str:
    """A line that is no UTF-8 in a file that began so is Windows-1252: the two are hardly ever mistaken."""
    if encoding != "utf-8":
        return line.decode(encoding, errors="replace")
    try:
        return line.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        return line.decode("windows-1252", errors="replace")


def _refuse_long(size: int) -> None:
    if size > LONGEST_LINE:
        raise unreadable("O arquivo tem uma linha longa demais.")
