"""The indexes that a service declares, and the making of them. A company's rows are found by their company first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import bson
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import OperationFailure

from services.chassis.storage.rows import Document, Keys

# Of a partial index: strings that are not empty. An equality is within it; within {"$type": "string"} it is not, as the
# engines reckon, and such an index serves no query.
FILLED = {"$gt": ""}
# Of a partial index: moments, of which whatever is asked for from a moment on is within it.
EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)
SET = {"$gte": EARLIEST}
# IndexOptionsConflict, IndexKeySpecsConflict
DECLARED_OTHERWISE = (85, 86)
PARTIAL = "partialFilterExpression"
# Of an index, beside its keys.
OPTIONS = ("unique", PARTIAL, "expireAfterSeconds")

# An index without its name: its keys and, as they are stored, its options.
Told = tuple[tuple[tuple[str, int], ...], bytes]


@dataclass(frozen=True)
class Index:
    """Keys after the company, which always comes first; `only` is a partial filter.

    An index has a `name` of its own where the version before declares the same keys with other options, so that both
    stand side by side while both versions run; else it has the name that MongoDB gives it.
    """

    collection: str
    keys: Keys
    unique: bool = False
    only: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True)
class SystemIndex:
    """An index of the chassis' own collections, which serve all companies at once."""

    collection: str
    keys: Keys
    expire_after: int | None = None


def ensure(database: Database[Document], indexes: Iterable[Index | SystemIndex]) -> None:
    """Makes the indexes that are not there, whatever the names of those that are. One whose name is taken by an index
    of other options replaces it.
    """
    there: dict[str, set[Told]] = {}
    for index in indexes:
        rows, keys, options = database[index.collection], _keys(index), _options(index)
        if rows.name not in there:
            there[rows.name] = {_told(found["key"], _options_of(found)) for found in rows.index_information().values()}
        if _told(keys, options) not in there[rows.name]:
            _make(rows, keys, {**options, "name": _name(index, keys)})


def drop_undeclared(database: Database[Document], declared: Iterable[Index | SystemIndex]) -> list[str]:
    """Drops the indexes of other keys or options than the declared ones; their names, each after its collection's."""
    wanted = {(index.collection, *_told(_keys(index), _options(index))) for index in declared}
    dropped = []
    for collection in database.list_collection_names():
        for name, found in database[collection].index_information().items():
            if name != "_id_" and (collection, *_told(found["key"], _options_of(found))) not in wanted:
                database[collection].drop_index(name)
                dropped.append(f"{collection}.{name}")
    return dropped


def _options(index: Index | SystemIndex) -> Document:
    if isinstance(index, SystemIndex):
        return {} if index.expire_after is None else {"expireAfterSeconds": index.expire_after}
    options: Document = {"unique": True} if index.unique else {}
    return {**options, PARTIAL: dict(index.only)} if index.only else options


def _keys(index: Index | SystemIndex) -> list[tuple[str, int]]:
    return [("company", 1), *index.keys] if isinstance(index, Index) else list(index.keys)


def _make(rows: Collection[Document], keys: list[tuple[str, int]], options: Document) -> None:
    try:
        rows.create_index(keys, **options)
    except OperationFailure as error:
        if error.code not in DECLARED_OTHERWISE:
            raise
        rows.drop_index(options["name"])
        rows.create_index(keys, **options)


def _name(index: Index | SystemIndex, keys: list[tuple[str, int]]) -> str:
    """The index's own name, else the one that MongoDB would give it."""
    own = index.name if isinstance(index, Index) else ""
    return own or "_".join(f"{field}_{direction}" for field, direction in keys)


def _options_of(found: Mapping[str, Any]) -> Document:
    """0 seconds until something expires is an option, too."""
    said = ((option, found.get(option)) for option in OPTIONS)
    return {option: value for option, value in said if value is not None and value is not False}


def _told(keys: Iterable[tuple[str, int]], options: Document) -> Told:
    """An index without its name; options as they are stored, for what an engine answers may have other types."""
    return tuple(keys), bson.encode(options)
