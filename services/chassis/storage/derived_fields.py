"""Derived fields: computed from other fields, and filled in at the start of a service in documents that lack them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pymongo import UpdateOne

from services.chassis.storage.database import Database
from services.chassis.storage.rows import Document

BATCH = 500


@dataclass(frozen=True)
class Derived:
    """`field` holds `make` of the text in the field `of`. Writers write it; documents from before lack it, and get it
    at the start of a service, with the further fields that `also` returns."""

    collection: str
    field: str
    of: str
    make: Callable[[str], str]
    also: Callable[[], Document] = dict


def fill(database: Database, derived: Derived) -> int:
    """Fills in the field where it is missing, and returns how many documents lacked it. It runs at every start, since
    processes of the version before may write at the same time.

    It reads two fields of all documents of all companies: only for small collections.
    """
    documents, filled = database.collection(derived.collection), 0
    batch: list[Document] = []
    while True:
        rest: dict[str, Any] = {"_id": {"$gt": batch[-1]["_id"]}} if batch else {}
        batch = list(documents.find(rest, [derived.of, derived.field]).sort("_id", 1).limit(BATCH))
        lacking = [row for row in batch if derived.field not in row and derived.of in row]
        changes = [UpdateOne({"_id": row["_id"]}, _change(derived, row)) for row in lacking]
        if changes:
            documents.bulk_write(changes)
        filled += len(changes)
        if len(batch) < BATCH:
            return filled


def _change(derived: Derived, document: Document) -> Document:
    return {"$set": {derived.field: derived.make(document[derived.of]), **derived.also()}}
