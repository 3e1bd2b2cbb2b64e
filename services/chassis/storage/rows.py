"""What the database keeps, as everybody here names it: documents, the keys of an order, and rows that are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Document = dict[str, Any]
Keys = Sequence[tuple[str, int]]


class Rows(Protocol):
    """What is read of a collection."""

    def find_one(self, where: Mapping[str, Any]) -> Document | None: ...

    def find(self, where: Mapping[str, Any], sort: Keys, limit: int) -> list[Document]: ...
