"""The personal-data inventory: a table of a service's rows that belong to another service's record. By it, rows follow
a redirected record (replicas/redirects.py), appear in an access report, and are erased (personal_data/erasure.py). No
business word enters here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from bson.decimal128 import Decimal128

from services.chassis.errors import Invalid
from services.chassis.pages import any_of, beyond, cursor_invalid, cursor_of, moment, read_cursor, whole, word
from services.chassis.storage.indexes import FILLED, Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant

PAGE = 100
# What an erasure leaves of a text that cannot be empty.
ERASED_TEXT = "[eliminado]"


@dataclass(frozen=True)
class Holding:
    """Rows of `collection` whose field `by` names the record; they are reported newest first, by (`sort`, `_id`).

    `removes`: an erasure deletes the rows. Else it sets the fields `erases` (by path: `versions.$[].notes`); `basis`
    says why the rest stays.
    `ends`: also set by an erasure, on rows that are pending work (jobs/leased.py); that work is then not done.
    `parts`: rows that belong to one of these rows; their `by` names its `_id`. `hides`: fields that are not reported.
    `follows`: the rows move with a redirected record. `reported`: they appear in an access report.
    """

    collection: str
    by: str
    sort: str
    erases: Mapping[str, Any] = field(default_factory=dict)
    ends: Mapping[str, Any] = field(default_factory=dict)
    removes: bool = False
    basis: str | None = None
    parts: tuple[Holding, ...] = ()
    hides: tuple[str, ...] = ()
    follows: bool = True
    reported: bool = True

    @property
    def origin(self) -> str:
        """The field in which a moved row keeps the id that it was written for."""
        return f"_{self.by}_origin"

    @property
    def outcome(self) -> str:
        if self.removes:
            return "erased"
        return "anonymised" if self.erases else "kept"


# The place of a row in the report: the number of its holding, its sort value and its id; for a part, those of its
# owner come first.
Place = tuple[Any, ...]
PLACE = (whole, any_of(moment, whole, word), word)


def indexes_of(inventory: Iterable[Holding]) -> list[Index]:
    """The indexes for reading a record's rows in pages, and for finding the rows of a redirected record."""
    pages = [Index(holding.collection, [(holding.by, 1), (holding.sort, -1), ("_id", -1)]) for holding in inventory]
    moved = [
        Index(one.collection, [(one.origin, 1)], only={one.origin: FILLED}, name=f"filled{one.origin}")
        for one in inventory
        if one.follows
    ]
    return [*pages, *moved]


def page_of_rows(
    tenant: Tenant, inventory: Sequence[Holding], record_id: str, limit: int, cursor: str | None
) -> dict[str, Any]:
    """A page of all rows of the record as plain JSON, each row followed by its parts."""
    start = _start(inventory, cursor) if cursor else ()
    found = list(islice(_walk(tenant, inventory, record_id, start), limit + 1))
    items = [{"kind": kind, "data": data} for _, kind, data in found[:limit]]
    return {"items": items, "next_cursor": cursor_of(*found[limit - 1][0]) if len(found) > limit else None}


def _start(inventory: Sequence[Holding], cursor: str) -> Place:
    """The place that a cursor names; raises Invalid("cursor_invalid"), also where the inventory has no such holding."""
    try:
        place = read_cursor(cursor, *PLACE)
    except Invalid:
        place = read_cursor(cursor, *PLACE, *PLACE)
    tables = [inventory, *([inventory[place[0]].parts] if place[0] < len(inventory) else [])]
    if any(number >= len(table) for number, table in zip(place[::3], tables, strict=False)):
        raise cursor_invalid()
    return tuple(place)


def _walk(
    tenant: Tenant, inventory: Sequence[Holding], owner: str, start: Place
) -> Iterator[tuple[Place, str, Document]]:
    """Each row after `start`, with its place."""
    first = int(start[0]) if start else 0
    if start:
        yield from _parts(tenant, inventory[first], start[:3], start[3:])
    for number, holding in list(enumerate(inventory))[first:]:
        if not holding.reported:
            continue
        position = start[1:3] if start and number == first else ()
        for row in _rows(tenant, holding, owner, position):
            place = (number, row[holding.sort], row["_id"])
            yield place, holding.collection, _plain(row, holding)
            yield from _parts(tenant, holding, place, ())


def _parts(tenant: Tenant, holding: Holding, place: Place, start: Place) -> Iterator[tuple[Place, str, Document]]:
    if holding.parts:
        for inner, kind, data in _walk(tenant, holding.parts, place[2], start):
            yield (*place, *inner), kind, data


def _rows(tenant: Tenant, holding: Holding, owner: str, position: Place) -> Iterator[Document]:
    """All rows of one owner after `position`, read page by page."""
    while True:
        later = beyond(holding.sort, *position, descending=True) if position else {}
        order = [(holding.sort, -1), ("_id", -1)]
        found = tenant.collection(holding.collection).find({holding.by: owner, **later}, order, PAGE)
        yield from found
        if len(found) < PAGE:
            return
        position = (found[-1][holding.sort], found[-1]["_id"])


def _plain(row: Document, holding: Holding) -> Document:
    shown = {name: value for name, value in row.items() if name not in ("_id", "company", *holding.hides)}
    return {"id": row["_id"], **{name: _json(value) for name, value in shown.items()}}


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _json(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_json(inner) for inner in value]
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, Decimal128 | bytes):
        return str(value) if isinstance(value, Decimal128) else f"{len(value)} bytes"
    return value


@dataclass
class Erased:
    """What an erasure did to one collection."""

    what: str
    outcome: str
    count: int
    basis: str | None


def erase_rows(tenant: Tenant, inventory: Sequence[Holding], owner: str) -> tuple[list[Erased], set[str]]:
    """Erases all rows of the owner and their parts. Returns what was done, by collection, and the ids of the rows, by
    which stored answers and events are found. May be repeated."""
    done: list[Erased] = []
    ids: set[str] = set()
    for holding in inventory:
        count = 0
        below = {part.collection: Erased(part.collection, part.outcome, 0, part.basis) for part in holding.parts}
        for row in list(_rows(tenant, holding, owner, ())):
            ids.add(str(row["_id"]))
            for part in holding.parts:
                below[part.collection].count += _erase(tenant, part, row["_id"])
        count = _erase(tenant, holding, owner)
        done += [Erased(holding.collection, holding.outcome, count, holding.basis), *below.values()]
    return done, ids


def _erase(tenant: Tenant, holding: Holding, owner: str) -> int:
    rows = tenant.collection(holding.collection)
    if holding.removes:
        return rows.delete_many({holding.by: owner})
    if holding.ends:
        pending = {holding.by: owner, "next_at": {"$exists": True}}
        rows.update_many(pending, {"$set": dict(holding.ends), "$unset": {"next_at": ""}})
    return rows.update_many({holding.by: owner}, {"$set": dict(holding.erases)}) if holding.erases else 0
