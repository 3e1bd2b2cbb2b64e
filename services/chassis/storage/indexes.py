"""The indexes that a service declares, and the making of them. A company's rows are found by their company first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

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
        options: Document = {}
        if isinstance(index, Index):
            if index.unique:
                options["unique"] = True
            if index.only:
                options["partialFilterExpression"] = dict(index.only)
        elif index.expire_after is not None:
            options["expireAfterSeconds"] = index.expire_after
        _ensure(database, index.collection, _keys(index), options)


def drop_undeclared(database: Database[Document], declared: Iterable[Index | SystemIndex]) -> list[str]:
    """Drops the indexes of other keys than the declared ones; their names, each after its collection's."""
    wanted = {(index.collection, tuple(_keys(index))) for index in declared}
    dropped = []
    for collection in database.list_collection_names():
        for name, found in database[collection].index_information().items():
            if name != "_id_" and (collection, tuple(found["key"])) not in wanted:
                database[collection].drop_index(name)
                dropped.append(f"{collection}.{name}")
    return dropped


def _keys(index: Index | SystemIndex) -> list[tuple[str, int]]:
    return [("company", 1), *index.keys] if isinstance(index, Index) else list(index.keys)


def _ensure(database: Database[Document], collection: str, keys: list[tuple[str, int]], options: Document) -> None:
    """An index of these keys that an earlier version declared otherwise is made anew."""
    try:
        database[collection].create_index(keys, **options)
    except OperationFailure as error:
        if error.code not in DECLARED_OTHERWISE:
            raise
        database[collection].drop_index(keys)
        database[collection].create_index(keys, **options)
