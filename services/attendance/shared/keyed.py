"""A repository for configuration records whose keys the company chooses: one document a key, listed by key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

import bson
from pymongo.errors import DuplicateKeyError

from services.chassis.errors import Conflict, NotFound
from services.chassis.lazy import lazy
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection

# A company has tens of each; the limit keeps every list whole and bounded.
LIMIT = 500
# All records of a kind together: they are listed in one answer, and those of all kinds exported in one.
MOST_BYTES = 2 << 20


class Record(Protocol):
    id: str
    version: int


R = TypeVar("R", bound=Record)


def by_key(collection: str) -> Index:
    return Index(collection, [("key", 1)], unique=True)


class Keyed(Generic[R]):
    """`what` starts the error codes (`<what>_not_found`, `<what>_exists`); `noun` starts their Portuguese detail;
    `changed` is called with the `_id` of each record that is saved.
    """

    def __init__(
        self,
        documents: TenantCollection,
        company: str,
        what: str,
        noun: str,
        load: Callable[[Document], R],
        dump: Callable[[R], Document],
        changed: Callable[[str], None],
    ) -> None:
        self._documents, self._company, self._what, self._noun = documents, company, what, noun
        self._load, self._dump, self._changed = load, dump, changed

    def find(self, key: str) -> R | None:
        found = self._documents.find_one({"key": key})
        return self._read(found) if found else None

    def get(self, key: str) -> R:
        """Raises NotFound("<what>_not_found")."""
        record = self.find(key)
        if record is None:
            raise NotFound(f"{self._what}_not_found", f"{self._noun} “{key}” não existe.")
        return record

    def all(self) -> list[R]:
        return [self._read(found) for found in self._documents.find({}, [("key", 1)], LIMIT)]

    def add(self, record: R) -> None:
        """Raises Conflict("<what>_exists", "<what>_limit_reached" or "<what>_size_exceeded")."""
        if self.find(record.id) is not None:
            raise self._exists(record.id)
        if len(self._sizes) >= LIMIT:
            raise Conflict(f"{self._what}_limit_reached", f"A empresa já tem {LIMIT} registros deste tipo.")
        self._refuse_oversize(record)
        try:
            self._documents.insert(self._document(record))
        except DuplicateKeyError:
            raise self._exists(record.id) from None

    def save(self, record: R) -> None:
        """Raises ConcurrentUpdate("version_changed"), Conflict("<what>_size_exceeded")."""
        self._refuse_oversize(record)
        record.version += 1
        self._documents.replace(self._document(record))
        self._changed(f"{self._company}/{record.id}")

    def delete(self, key: str) -> None:
        self._documents.delete({"key": key})
        self._sizes.pop(key, None)

    @lazy
    def _sizes(self) -> dict[str, int]:
        """How many bytes each record takes, by key, as this unit of work sees them."""
        found = self._documents.find({}, [("key", 1)], LIMIT)
        return {str(one["key"]): len(bson.encode(one)) for one in found}

    def _refuse_oversize(self, record: R) -> None:
        """A company that has more already may make it less."""
        before, size = sum(self._sizes.values()), len(bson.encode(self._document(record)))
        after = before - self._sizes.get(record.id, 0) + size
        if before < after > MOST_BYTES:
            detail = f"{self._noun} “{record.id}” não cabe: os registros deste tipo somam no máximo 2 MB por empresa."
            raise Conflict(f"{self._what}_size_exceeded", detail)
        self._sizes[record.id] = size

    def _exists(self, key: str) -> Conflict:
        return Conflict(f"{self._what}_exists", f"{self._noun} “{key}” já existe.")

    def _read(self, found: Document) -> R:
        fields = {name: value for name, value in found.items() if name not in ("_id", "company", "key")}
        return self._load({"id": found["key"], **fields})

    def _document(self, record: R) -> Document:
        """All that is stored of a record, so that its size is that of the stored one."""
        fields = self._dump(record)
        return {
            "_id": f"{self._company}/{record.id}",
            "company": self._company,
            "key": fields.pop("id"),
            **fields,
        }
