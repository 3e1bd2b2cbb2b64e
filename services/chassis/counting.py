"""How many rows a list has: counted up to a limit, so that no count reads a whole company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.chassis.storage.rows import Document, Keys, Rows

# A screen says "99+" of more.
MOST_COUNTED = 99


def count_of(rows: Rows, where: Mapping[str, Any], order: Keys) -> Document:
    """`count`, at most MOST_COUNTED, and whether it is `exact`. It costs one read of ids from an index."""
    found = rows.find(where, order, MOST_COUNTED + 1, ())
    return {"count": min(len(found), MOST_COUNTED), "exact": len(found) <= MOST_COUNTED}


def with_count(page: Document, rows: Rows, where: Mapping[str, Any], order: Keys, *, asked: bool) -> Document:
    """Adds the count of the rows `where` to their first page, if `asked`. A list of one page needs no further read."""
    if not asked:
        return page
    if page["next_cursor"] is None:
        return {**page, "count": len(page["items"]), "exact": True}
    return {**page, **count_of(rows, where, order)}


def with_count_of_several(
    page: Document, rows: Rows, wheres: Sequence[Mapping[str, Any]], order: Keys, *, asked: bool
) -> Document:
    """`with_count` for a list that is read in several parts, which have no row in common."""
    if not asked or page["next_cursor"] is None:
        return with_count(page, rows, {}, order, asked=asked)
    parts = [count_of(rows, where, order) for where in wheres]
    count = sum(part["count"] for part in parts)
    exact = count <= MOST_COUNTED and all(part["exact"] for part in parts)
    return {**page, "count": min(count, MOST_COUNTED), "exact": exact}
