"""Keyset pages in either direction."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable, Sequence
from itertools import islice

from services.chassis import pages
from services.chassis.days import start_of_day
from services.chassis.pages import Kind, moment
from services.chassis.storage.rows import Document, Keys


def beyond(cursor: str | None, first: str, way: int, kind: Kind = moment) -> Document:
    """The filter of a page sorted by (first, _id), ascending (1) or descending (-1), after `cursor`.

    `kind` is what `first` holds. Raises Invalid("cursor_invalid").
    """
    if cursor is None:
        return {}
    return pages.beyond(first, *pages.read_cursor(cursor, kind, pages.word), descending=way != 1)


def among(field: str, wanted: Sequence[str]) -> Document:
    """The filter of a field that has any of a few values."""
    return {field: {"$in": list(wanted)}}


def first_of(lists: Iterable[list[Document]], order: Keys, count: int) -> list[Document]:
    """The first `count` rows of disjoint lists, each sorted by `order`, whose fields all have one direction."""
    way = order[0][1]
    merged = heapq.merge(*lists, key=lambda row: [row[name] for name, _ in order], reverse=way < 0)
    return [*islice(merged, count)]


def within(field: str, first: dt.date | None, last: dt.date | None, zone: dt.tzinfo) -> Document:
    """The filter of moments in a period of days, both included, in a company's time zone; None: open."""
    period: Document = {}
    if first is not None:
        period["$gte"] = start_of_day(first, zone)
    if last is not None:
        period["$lt"] = start_of_day(last + dt.timedelta(days=1), zone)
    return {field: period} if period else {}


def until(day: dt.date) -> str:
    """The exclusive end of a range of days, each stored as its ISO date.

    Not `$lte`: the embedded engine drops the last value of such a range on an index with more fields behind it.
    """
    return (day + dt.timedelta(days=1)).isoformat()
