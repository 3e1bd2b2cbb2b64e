"""Keyset pages in either direction."""

from __future__ import annotations

import datetime as dt

from services.chassis import pages
from services.chassis.pages import Kind, moment
from services.chassis.storage.rows import Document


def beyond(cursor: str | None, first: str, way: int, kind: Kind = moment) -> Document:
    """The filter of a page sorted by (first, _id), ascending (1) or descending (-1), after `cursor`.

    `kind` is what `first` holds. Raises Invalid("cursor_invalid").
    """
    if cursor is None:
        return {}
    return pages.beyond(first, *pages.read_cursor(cursor, kind, pages.word), descending=way != 1)


def until(day: dt.date) -> str:
    """The exclusive end of a range of days, each stored as its ISO date.

    Not `$lte`: the embedded engine drops the last value of such a range on an index with more fields behind it.
    """
    return (day + dt.timedelta(days=1)).isoformat()
