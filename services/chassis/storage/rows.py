"""The types of stored data that all modules share: documents, sort keys, and readable rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Document = dict[str, Any]
Keys = Sequence[tuple[str, int]]
# The fields that are read, beside the `_id`; None for all.
Fields = Sequence[str] | None


class Rows(Protocol):
    """A collection for reading."""

    def find_one(self, where: Mapping[str, Any]) -> Document | None: ...

    def find(self, where: Mapping[str, Any], sort: Keys, limit: int, fields: Fields = None) -> list[Document]: ...


def without_hidden(document: Document) -> Document:
    """Removes the chassis' own fields, which start with an underscore and are hidden from repositories, in place."""
    for name in [name for name in document if name[:1] == "_" and name != "_id"]:
        del document[name]
    return document
