"""How a collection is asked for several documents."""

from __future__ import annotations

from collections.abc import Iterable

from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from services.chassis.storage.rows import Document, Fields, Keys


def find(
    collection: Collection[Document],
    where: Document,
    sort: Keys,
    limit: int,
    fields: Fields,
    session: ClientSession | None,
) -> Iterable[Document]:
    """At most `limit` documents in the order `sort`, with `fields` only those fields."""
    if "$and" in where:
        return collection.aggregate(_stages(where, sort, limit, fields), session=session)
    cursor = collection.find(where, fields, session=session).limit(limit)
    return cursor.sort(list(sort)) if sort else cursor


def _stages(where: Document, sort: Keys, limit: int, fields: Fields) -> list[Document]:
    """The same as a pipeline, with the fields of `where` and its operators as two stages. MongoDB makes one of them and
    reads as before; the embedded engine uses no index for a filter that has an operator beside its fields."""
    plain = {name: value for name, value in where.items() if not name.startswith("$")}
    stages: list[Document] = [{"$match": plain}]
    stages += [{"$match": {name: where[name] for name in where.keys() - plain.keys()}}]
    stages += [{"$sort": dict(sort)}] if sort else []
    stages += [{"$limit": limit}]
    stages += [{"$project": dict.fromkeys(fields, 1)}] if fields is not None else []
    return stages
