"""The indexes that a service declares, and the making of them. A company's rows are found by their company first."""

from __future__ import annotations

import datetime as dt
import zlib
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
EXPIRY = "expireAfterSeconds"
# Of an index, beside its keys.
OPTIONS = ("unique", "partialFilterExpression", EXPIRY)


@dataclass(frozen=True)
class Index:
    """Keys after the company, which always comes first; `only` is a partial filter."""

    collection: str
    keys: Keys
    unique: bool = False
    only: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SystemIndex:
    """An index of the chassis' own collections, which serve all companies at once."""

    collection: str
    keys: Keys
    expire_after: int | None = None


def ensure(database: Database[Document], indexes: Iterable[Index | SystemIndex]) -> None:
    for index in indexes:
        _ensure(database, index.collection, _keys(index), _options(index))


def drop_undeclared(database: Database[Document], declared: Iterable[Index | SystemIndex]) -> list[str]:
    """Drops the indexes of other keys or options than the declared ones; their names, each after its collection's."""
    wanted = {(index.collection, *_told(_keys(index), _options(index))) for index in declared}
    dropped = []
    for collection in database.list_collection_names():
        for name, found in database[collection].index_information().items():
            options = {option: found[option] for option in OPTIONS if found.get(option)}
            if name != "_id_" and (collection, *_told(found["key"], options)) not in wanted:
                database[collection].drop_index(name)
                dropped.append(f"{collection}.{name}")
    return dropped


def _options(index: Index | SystemIndex) -> Document:
    if isinstance(index, SystemIndex):
        return {} if index.expire_after is None else {"expireAfterSeconds": index.expire_after}
    options: Document = {"unique": True} if index.unique else {}
    return {**options, "partialFilterExpression": dict(index.only)} if index.only else options


def _keys(index: Index | SystemIndex) -> list[tuple[str, int]]:
    return [("company", 1), *index.keys] if isinstance(index, Index) else list(index.keys)


def _ensure(database: Database[Document], collection: str, keys: list[tuple[str, int]], options: Document) -> None:
    """Makes the index unless it is there. One of these keys that an earlier version declared otherwise stays beside it
    while both versions run, and none is missing meanwhile. Where both cannot be, it is made anew.
    """
    rows = database[collection]
    if _made(rows, keys, options):
        return
    # of two that expire the shorter would win
    beside = EXPIRY not in options and _made(rows, keys, {**options, "name": _other_name(keys, options)})
    if not beside:
        rows.drop_index(_default_name(keys))
        rows.create_index(keys, **options)


def _made(rows: Collection[Document], keys: list[tuple[str, int]], options: Document) -> bool:
    """Whether the index is there now; False where another one of these keys, or of its name, forbids it."""
    try:
        rows.create_index(keys, **options)
    except OperationFailure as error:
        if error.code not in DECLARED_OTHERWISE:
            raise
        return False
    return True


def _told(keys: Iterable[tuple[str, int]], options: Document) -> tuple[tuple[tuple[str, int], ...], bytes]:
    """An index without its name; options as they are stored, for what an engine answers may have other types."""
    return tuple(keys), bson.encode(options)


def _default_name(keys: list[tuple[str, int]]) -> str:
    """As MongoDB names it."""
    return "_".join(f"{name}_{direction}" for name, direction in keys)


def _other_name(keys: list[tuple[str, int]], options: Document) -> str:
    """The same for the same options, and another for others."""
    return f"{_default_name(keys)}_{zlib.crc32(bson.encode(options)):08x}"
