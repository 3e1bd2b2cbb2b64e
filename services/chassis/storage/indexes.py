"""The indexes that services declare, and their creation. Indexes of companies' rows begin with the company."""

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

# The partial filter of an index of strings that are not empty. It serves a query for one string; with
# {"$type": "string"} the engines would not use the index for that.
FILLED = {"$gt": ""}
# The partial filter of an index of moments; it serves queries from a moment on.
EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)
SET = {"$gte": EARLIEST}
# IndexOptionsConflict, IndexKeySpecsConflict
DECLARED_OTHERWISE = (85, 86)
PARTIAL = "partialFilterExpression"
# What is compared of an index beside its keys.
OPTIONS = ("unique", PARTIAL, "expireAfterSeconds")

# An index without its name: its keys, and its options as BSON.
Spec = tuple[tuple[tuple[str, int], ...], bytes]


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
    """Makes the indexes that do not exist under any name. One whose name belongs to an index with other options
    replaces that one."""
    existing: dict[str, set[Spec]] = {}
    for index in indexes:
        rows, keys, options = database[index.collection], _keys(index), _options(index)
        if rows.name not in existing:
            found = rows.index_information().values()
            existing[rows.name] = {_spec(one["key"], _options_of(one)) for one in found}
        if _spec(keys, options) not in existing[rows.name]:
            _make(rows, keys, {**options, "name": _name(index, keys)})


def drop_undeclared(database: Database[Document], declared: Iterable[Index | SystemIndex]) -> list[str]:
    """Drops the indexes whose keys or options are not declared; returns them as `<collection>.<name>`."""
    wanted = {(index.collection, *_spec(_keys(index), _options(index))) for index in declared}
    dropped = []
    for collection in database.list_collection_names():
        for name, found in database[collection].index_information().items():
            if name != "_id_" and (collection, *_spec(found["key"], _options_of(found))) not in wanted:
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
    """The options of an index as the database describes it; expireAfterSeconds may be 0."""
    options = ((option, found.get(option)) for option in OPTIONS)
    return {option: value for option, value in options if value is not None and value is not False}


def _spec(keys: Iterable[tuple[str, int]], options: Document) -> Spec:
    """An index without its name. Options are compared as BSON, since the engine may answer other Python types."""
    return tuple(keys), bson.encode(options)
