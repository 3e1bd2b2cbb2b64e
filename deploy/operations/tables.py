"""Rows in columns, for a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def printable(value: object) -> str:
    """As one line that a terminal shows and does not obey: what others wrote may hold its commands, and line ends."""
    text = str(value)
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines, each column as wide as its longest cell."""
    texts = [list(map(printable, row)) for row in (head, *rows)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(head))]
    for row in texts:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def age(seconds: float | None) -> str:
    """As one number of its largest unit; "-" for None."""
    if seconds is None:
        return "-"
    for unit, length in (("d", DAY), ("h", HOUR), ("min", MINUTE)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"


def since(moment: dt.datetime | None) -> str:
    return "?" if moment is None else age((dt.datetime.now(dt.UTC) - moment).total_seconds())
