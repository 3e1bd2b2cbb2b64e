"""How a job ends its piece of leased work: done, dropped or postponed. Each call may be repeated."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.chassis.storage.database import Database
from services.chassis.storage.rows import Document


class Work:
    """The document that a job was given (jobs/leased.py).

    `as_read`: names of fields. Where one of them has changed meanwhile, the work is another process's, and nothing is
    written.
    """

    def __init__(self, database: Database, collection: str, document: Document, as_read: tuple[str, ...] = ()) -> None:
        self._documents = database.collection(collection)
        self._this = {name: document[name] for name in ("_id", "company", *as_read)}

    def put_off(self, until: dt.datetime, **fields: Any) -> bool:
        """Makes the work due at `until` (UTC); False where the document is gone, or another process's."""
        changed = self._documents.update_one(self._this, {"$set": {**fields, "next_at": until}})
        return changed.matched_count == 1

    def keep(self, **fields: Any) -> None:
        """Stores fields for the process that continues after a crash."""
        self._documents.update_one(self._this, {"$set": fields})

    def done(self) -> None:
        """Ends the work; the document stays, as a record."""
        self._documents.update_one(self._this, {"$unset": {"next_at": ""}})

    def drop(self) -> None:
        """Ends the work and deletes the document, which is nothing but work."""
        self._documents.delete_one(self._this)
