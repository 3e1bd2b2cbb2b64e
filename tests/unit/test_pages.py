"""Cursors come from outside: a value of another kind, or beyond its bounds, is refused, and reaches no database."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import Any

import pytest
from bson import encode

from services.chassis.errors import Invalid
from services.chassis.pages import Kind, after, any_of, cursor_of, day, moment, read_cursor, whole, word
from services.chassis.personal_data.inventory import Holding, page_of_rows
from services.chassis.storage.tenant import Tenant
from services.people.personal_data import CONSENTS
from services.sales.shared.pages import beyond

NOW = dt.datetime(2026, 3, 5, 12, 0, 0, 123_000, tzinfo=dt.UTC)
MOMENT = {"t": "2026-03-05T12:00:00.123+00:00"}
WRONG: dict[str, tuple[Kind, Any]] = {
    "a moment before the calendar in UTC": (moment, {"t": "0001-01-01T00:00:00+14:00"}),
    "a moment after the calendar in UTC": (moment, {"t": "9999-12-31T23:59:59-14:00"}),
    "a moment without an offset": (moment, {"t": "2026-03-05T12:00:00"}),
    "a moment that is a day": (moment, {"t": "2026-03-05"}),
    "a moment that is a number": (moment, {"t": 1}),
    "a moment without its sign": (moment, {"x": "2026-03-05T12:00:00Z"}),
    "a text for a moment": (moment, "2026-03-05T12:00:00Z"),
    "null for a moment": (moment, None),
    "true for a number": (whole, True),
    "a number beyond the database": (whole, 2**63),
    "a huge number": (whole, 10**400),
    "a number below zero": (whole, -1),
    "a fraction": (whole, 1.5),
    "a text for a number": (whole, "1"),
    "a lone surrogate": (word, "\ud800"),
    "NUL": (word, "a\x00"),
    "a very long text": (word, "a" * 301),
    "an object for a text": (word, {"$gt": ""}),
    "a list for a text": (word, ["a"]),
    "no day": (day, "2026-02-30"),
    "a day in other digits": (day, "２０２６-01-01"),
    "a moment for a day": (day, MOMENT),
}


def written(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(("kind", "value"), WRONG.values(), ids=WRONG)
def test_a_value_of_another_kind_is_refused(kind: Kind, value: Any) -> None:
    for read in (
        lambda: read_cursor(written(value, "a"), kind, word),
        lambda: after(written(value, "a"), "at", kind),
        lambda: beyond(written(value, "a"), "at", 1, kind),
    ):
        with pytest.raises(Invalid) as refused:
            read()
        assert refused.value.code == "cursor_invalid"


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "AAAA", "é", "\ud800", "bm90IG91cnM=", written(), written(MOMENT), written(MOMENT, "a", "b"), "W10",
     base64.b64encode(b"[" * 300).decode(), base64.b64encode(b"\xff\xfe[\x001\x00]\x00").decode(),
     base64.b64encode(b'{"t": 1}').decode(), base64.b64encode(b"[9" + b"9" * 5000 + b"]").decode(),
     base64.b64encode(b"[NaN, 1]").decode()],
)  # fmt: skip
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        after(cursor, "at")
    assert refused.value.code == "cursor_invalid"


@pytest.mark.parametrize(
    ("kinds", "values"),
    [
        ((moment, word), (NOW, "a1")),
        ((whole, word), (2**63 - 1, "a1")),
        ((day, word), ("2026-03-05", "a1")),
        ((day, word), ("", "a1")),
        ((word,), ("Pão de queijo 🧀",)),
        ((any_of(moment, whole, word), word), (NOW, "")),
        ((moment, word), (dt.datetime(1, 1, 1, tzinfo=dt.UTC), "a")),
        ((moment, word), (dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.UTC), "a")),
    ],
)
def test_what_a_list_writes_it_reads_again_and_the_database_takes(kinds: tuple[Kind, ...], values: Any) -> None:
    read = read_cursor(cursor_of(*values), *kinds)
    assert tuple(read) == values
    encode({"values": read})


@pytest.mark.parametrize("number", [1, 7, 2**62])
@pytest.mark.parametrize("inner", [(), (0, MOMENT, "b")])
def test_a_place_in_a_table_that_is_not_there_is_refused(number: int, inner: tuple[Any, ...]) -> None:
    inventory: tuple[Holding, ...] = (CONSENTS,)
    for cursor in (written(number, MOMENT, "a", *inner), written(0, MOMENT, "a", number, MOMENT, "b")):
        with pytest.raises(Invalid) as refused:
            page_of_rows(_no_tenant(), inventory, "p1", 10, cursor)
        assert refused.value.code == "cursor_invalid"


def _no_tenant() -> Tenant:
    """Nothing is asked of the database before the cursor was read."""
    return None  # type: ignore[return-value]
