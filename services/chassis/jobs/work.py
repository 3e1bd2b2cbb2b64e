"""How the job of a piece of leased work leaves its document: done, dropped, or put off. Each may be repeated."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.chassis.storage.database import Database
from services.chassis.storage.rows import Document


class Work:
    """One document of a collection of leased work (jobs/leased.py), as its job was given it.

    `as_read`: fields that, changed meanwhile, make it somebody else's work: then nothing is written.
    """

    def __init__(self, database: Database, collection: str, document: Document, as_read: tuple[str, ...] = ()) -> None:
        self._documents = database.collection(collection)
        self._this = {name: document[name] for name in ("_id", "company", *as_read)}

    def put_off(self, until: dt.datetime, **fields: Any) -> bool:
        """Due again at `until` (UTC); False where it is gone, or somebody else's, meanwhile."""
        changed = self._documents.update_one(self._this, {"$set": {**fields, "next_at": until}})
        return changed.matched_count == 1

    def keep(self, **fields: Any) -> None:
        """For whoever goes on after a crash."""
        self._documents.update_one(self._this, {"$set": fields})

    def done(self) -> None:
        """The document stays, as a record."""
        self._documents.update_one(self._this, {"$unset": {"next_at": ""}})

    def drop(self) -> None:
        """For a document that is nothing but work."""
        self._documents.delete_one(self._this)
