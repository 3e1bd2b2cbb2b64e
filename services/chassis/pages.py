"""Keyset pages and their cursors.

A cursor is base64 and not signed, so each of its values is checked by its kind, with bounds. One that a client makes up
leads to another place of the same list, and to nothing else.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from services.chassis.errors import Invalid

Document = dict[str, Any]
Kind = Callable[[Any], Any]

LARGEST_WHOLE = 2**63 - 1
WORD_LENGTH = 300
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})?", re.ASCII)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def moment(value: Any) -> dt.datetime:
    """A time with an offset, as UTC; raises OverflowError where UTC leaves the calendar."""
    text = value["t"] if isinstance(value, dict) else None
    if not isinstance(text, str):
        raise ValueError("no moment")
    parsed = dt.datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise ValueError("no offset")
    return parsed.astimezone(dt.UTC)


def whole(value: Any) -> int:
    """An integer from 0 to the largest that the database holds."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_WHOLE:
        raise ValueError("no whole number")
    return value


def word(value: Any) -> str:
    """A text that can be stored: an id, a name, a code."""
    if not isinstance(value, str) or len(value) > WORD_LENGTH or _UNSTORABLE.search(value):
        raise ValueError("no word")
    return value


def day(value: Any) -> str:
    """An ISO date, as repositories store it; empty where there is none."""
    text = word(value)
    if not _DAY.fullmatch(text) or (text and not dt.date.fromisoformat(text)):
        raise ValueError("no day")
    return text


def any_of(*kinds: Kind) -> Kind:
    """A value of one of several kinds: for a cursor whose sort column depends on the list."""

    def read(value: Any) -> Any:
        for kind in kinds:
            try:
                return kind(value)
            except (ValueError, KeyError, OverflowError):
                continue
        raise ValueError("none of the kinds")

    return read


def cursor_of(*values: Any) -> str:
    """An opaque cursor of a keyset page: the sort values of its last item."""
    plain = [{"t": v.isoformat()} if isinstance(v, dt.datetime) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode()


def read_cursor(cursor: str, *kinds: Kind) -> list[Any]:
    """The values that were given to `cursor_of`, each checked by its kind; raises Invalid("cursor_invalid")."""
    try:
        values = json.loads(base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True).decode())
        if not isinstance(values, list):
            raise ValueError("no list")
        return [kind(value) for kind, value in zip(kinds, values, strict=True)]
    except (ValueError, KeyError, OverflowError, RecursionError) as error:
        raise cursor_invalid() from error


def cursor_invalid() -> Invalid:
    return Invalid("cursor_invalid", "O cursor da página não é válido.")


def after(cursor: str | None, first: str, kind: Kind = moment) -> Document:
    """The filter of a descending keyset page on (first, _id), after `cursor`; `kind` is what `first` holds."""
    return {} if cursor is None else beyond(first, *read_cursor(cursor, kind, word), descending=True)


def beyond(first: str, value: Any, record_id: str, *, descending: bool) -> Document:
    """The filter of the documents after (value, id) in the order of (first, _id)."""
    operator = "$lt" if descending else "$gt"
    return {"$or": [{first: {operator: value}}, {first: value, "_id": {operator: record_id}}]}


def every_item(page_after: Callable[[str | None], dict[str, Any]]) -> Iterator[Any]:
    """All items of a keyset list, read page by page; `page_after(cursor)` returns a page as `page` does."""
    cursor = None
    while True:
        found = page_after(cursor)
        yield from found["items"]
        cursor = found["next_cursor"]
        if cursor is None:
            return


def page(
    documents: list[Document], limit: int, first: str, to_entity: Callable[[Document], Any]
) -> dict[str, Any]:  # fmt: skip
    """A page from up to limit + 1 documents sorted by (first, _id) descending."""
    more = len(documents) > limit
    shown = documents[:limit]
    cursor = cursor_of(shown[-1][first], shown[-1]["_id"]) if more else None
    return {"items": [to_entity(d) for d in shown], "next_cursor": cursor}
