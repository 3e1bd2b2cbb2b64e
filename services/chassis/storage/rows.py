"""What the database keeps, as everybody here names it: documents, the keys of an order, and rows that are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Document = dict[str, Any]
Keys = Sequence[tuple[str, int]]
# The fields that are read, beside the `_id`; None for all.
Fields = Sequence[str] | None


class Rows(Protocol):
    """What is read of a collection."""

    def find_one(self, where: Mapping[str, Any]) -> Document | None: ...

    def find(self, where: Mapping[str, Any], sort: Keys, limit: int, fields: Fields = None) -> list[Document]: ...


def without_hidden(document: Document) -> Document:
    """Fields that start with an underscore are the chassis' own (replicas/redirects.py); hidden from repositories.

    The document is the driver's, made for this read: what is hidden is taken out of it.
    """
    for name in [name for name in document if name[:1] == "_" and name != "_id"]:
        del document[name]
    return document
