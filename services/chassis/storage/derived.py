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
    """`field` holds `make` of the text in the field `of`. Writers write it; older documents lack it, and get what
    `also` gives beside it."""

    collection: str
    field: str
    of: str
    make: Callable[[str], str]
    also: Callable[[], Document] = dict


def fill(database: Database, derived: Derived) -> int:
    """How many documents lacked the field. Again at every start: an older process may still write beside us.

    Reads two fields of the whole collection, of all companies: for what a company sets once, or records as few as
    contracts.
    """
    documents, filled = database.collection(derived.collection), 0
    batch: list[Document] = []
    while True:
        beyond: dict[str, Any] = {"_id": {"$gt": batch[-1]["_id"]}} if batch else {}
        batch = list(documents.find(beyond, [derived.of, derived.field]).sort("_id", 1).limit(BATCH))
        lacking = [one for one in batch if derived.field not in one and derived.of in one]
        changes = [UpdateOne({"_id": one["_id"]}, _given(derived, one)) for one in lacking]
        if changes:
            documents.bulk_write(changes)
        filled += len(changes)
        if len(batch) < BATCH:
            return filled


def _given(derived: Derived, document: Document) -> Document:
    return {"$set": {derived.field: derived.make(document[derived.of]), **derived.also()}}
