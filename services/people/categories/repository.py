"""A company's own categories and characteristics (row P3): two catalogues of the same shape."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Generic, TypeVar

from pymongo.errors import DuplicateKeyError

from services.chassis.errors import Conflict, NotFound
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.people.categories.model import Category, Characteristic

INDEXES = (
    Index("categories", [("name_key", 1)], unique=True),
    Index("characteristics", [("name_key", 1)], unique=True),
)
LIMIT = 200

T = TypeVar("T", Category, Characteristic)


class Catalogue(Generic[T]):
    """The records of one kind; `noun` names them in error codes, `label` in pt-BR details."""

    def __init__(self, documents: TenantCollection, kind: type[T], noun: str, label: str) -> None:
        self._documents, self._noun, self._label = documents, noun, label
        self._kind: type[T] = kind

    def get(self, record_id: str) -> T:
        """Raises NotFound("<noun>_not_found")."""
        record = self.find(record_id)
        if record is None:
            raise NotFound(f"{self._noun}_not_found", f"Esta {self._label} não existe.")
        return record

    def find(self, record_id: str) -> T | None:
        found = self._documents.find_one({"_id": record_id})
        return self._record(found) if found else None

    def all(self) -> list[T]:
        """All records by name; a company has at most 200."""
        return [self._record(found) for found in self._documents.find({}, [("name_key", 1)], LIMIT)]

    def usable(self, ids: Iterable[str]) -> set[str]:
        """Those of `ids` that exist and are active."""
        return {record.id for record in self.many(ids) if record.active}

    def many(self, ids: Iterable[str]) -> list[T]:
        """Those of `ids` that exist, in their order; one read."""
        asked = list(dict.fromkeys(ids))
        rows = self._documents.find({"_id": {"$in": asked}}, [], len(asked)) if asked else []
        found = {document["_id"]: self._record(document) for document in rows}
        return [found[record_id] for record_id in asked if record_id in found]

    def add(self, record: T) -> None:
        """Raises Conflict: <noun>_exists, <noun>_limit."""
        if len(self.all()) >= LIMIT:
            raise Conflict(f"{self._noun}_limit", f"Uma empresa tem no máximo {LIMIT} registros deste tipo.")
        try:
            self._documents.insert(_document(record))
        except DuplicateKeyError as error:
            raise self._exists() from error

    def save(self, record: T) -> None:
        """Raises ConcurrentUpdate("version_changed"), Conflict("<noun>_exists")."""
        record.version += 1
        try:
            self._documents.replace(_document(record))
        except DuplicateKeyError as error:
            raise self._exists() from error

    def remove(self, record: T) -> None:
        self._documents.delete({"_id": record.id})

    def _exists(self) -> Conflict:
        return Conflict(f"{self._noun}_exists", f"Já existe uma {self._label} com este nome.")

    def _record(self, found: Document) -> T:
        return as_record(found, self._kind)


def _document(record: Category | Characteristic) -> Document:
    fields = asdict(record)
    return {"_id": fields.pop("id"), **fields}
