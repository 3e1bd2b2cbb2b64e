"""Keyset pages in either direction."""

from __future__ import annotations

import datetime as dt

from services.chassis.mongo import Document, read_cursor


def beyond(cursor: str | None, first: str, way: int) -> Document:
    """The filter of a page sorted by (first, _id), ascending (1) or descending (-1), after `cursor`.

    Raises Invalid("cursor_invalid").
    """
    if cursor is None:
        return {}
    a, b = read_cursor(cursor, 2)
    over = "$gt" if way == 1 else "$lt"
    return {"$or": [{first: {over: a}}, {first: a, "_id": {over: b}}]}


def until(day: dt.date) -> str:
    """The exclusive end of a range of days, each stored as its ISO date.

    Not `$lte`: the embedded engine drops the last value of such a range on an index with more fields behind it.
    """
    return (day + dt.timedelta(days=1)).isoformat()
