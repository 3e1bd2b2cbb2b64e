"""Imports: their state, the uploaded file in parts, and the outcomes of the lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from pymongo.errors import OperationFailure, PyMongoError

from services.chassis.errors import NotFound, Unavailable
from services.chassis.jobs.retention import Retention
from services.chassis.pages import after, page
from services.chassis.storage.database import as_failure
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.people.imports.model.imports import MOST_OPEN, OPEN, PART_BYTES, Import

INDEXES = (
    Index("imports", [("created_at", -1), ("_id", -1)]),
    Index("imports", [("state", 1), ("created_at", -1), ("_id", -1)]),
    Index("import_reports", [("import_id", 1), ("number", 1)]),
)
# Imports, their reports, and the files of imports that never ended.
RETENTIONS = (
    Retention("imports", "created_at", "VINCULO_IMPORT_DAYS", 365),
    Retention("import_reports", "at", "VINCULO_IMPORT_DAYS", 365),
    Retention("import_parts", "at", "VINCULO_IMPORT_DAYS", 365),
)


# Exceptions that the content of one row may raise when its chunk is written.
POISON = (OperationFailure, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)


def poisoned(error: Exception) -> bool:
    """Whether another attempt would fail too; not for an unavailable database or a concurrent update."""
    return not isinstance(error, PyMongoError) or not isinstance(as_failure(error), Unavailable)


class Imports:
    """`now` is stored with records that have a retention."""

    def __init__(
        self, documents: TenantCollection, parts: TenantCollection, reports: TenantCollection, now: dt.datetime
    ) -> None:
        self._now = now
        self._documents = documents
        self._parts = parts
        self._reports = reports

    def add(self, started: Import) -> None:
        self._documents.insert(_document(started))

    def get(self, import_id: str) -> Import:
        found = self._documents.find_one({"_id": import_id})
        if found is None:
            raise NotFound("import_not_found", "Importação não encontrada.")
        return _import(found)

    def save(self, changed: Import) -> None:
        """Saves the next version; the file of an import that is over is deleted."""
        changed.version += 1
        self._documents.replace(_document(changed))
        if changed.over:
            for number in range(changed.parts):
                self._parts.delete({"_id": _part_id(changed.id, number)})

    def count_open(self) -> int:
        """How many of the company's are not over, at most MOST_OPEN."""
        where = {"state": {"$in": list(OPEN)}}
        return len(self._documents.find(where, [("created_at", -1), ("_id", -1)], MOST_OPEN, ("_id",)))

    def recent(self, limit: int, cursor: str | None) -> dict[str, Any]:
        found = self._documents.find(after(cursor, "created_at"), [("created_at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "created_at", _import)

    def add_part(self, import_id: str, number: int, data: bytes) -> None:
        self._parts.insert({"_id": _part_id(import_id, number), "import_id": import_id, "data": data, "at": self._now})

    def bytes_from(self, read: Import, offset: int) -> Iterator[bytes]:
        """The file from byte `offset` on; each part is read when needed. Raises NotFound("import_file_gone")."""
        for number in range(offset // PART_BYTES, read.parts):
            found = self._parts.find_one({"_id": _part_id(read.id, number)})
            if found is None:
                raise NotFound("import_file_gone", "O arquivo desta importação não está mais guardado.")
            yield bytes(found["data"])[max(offset - number * PART_BYTES, 0) :]

    def put_report(self, import_id: str, number: int, lines: list[dict[str, Any]]) -> None:
        """Stores the outcomes of a chunk; a later run of the same import overwrites them."""
        chunk = {"import_id": import_id, "number": number, "lines": lines, "at": self._now}
        self._reports.put({"_id": f"{import_id}:{number}", **chunk})

    def report(self, reported: Import, first: int, limit: int) -> dict[str, Any]:
        """The lines of `limit` chunks from number `first` on, and the number of the next chunk."""
        where = {"import_id": reported.id, "number": {"$gte": first, "$lt": min(first + limit, reported.chunks)}}
        found = self._reports.find(where, [("number", 1)], limit)
        following = first + limit if first + limit < reported.chunks else None
        return {"lines": [line for chunk in found for line in chunk["lines"]], "next": following}


def _part_id(import_id: str, number: int) -> str:
    return f"{import_id}:{number}"


def _document(started: Import) -> Document:
    fields = asdict(started)
    return {"_id": fields.pop("id"), **fields}


def _import(found: Document) -> Import:
    return as_record(found, Import)


def import_of(found: Document) -> Import:
    """The import in a document that leased work has claimed."""
    return _import(found)
