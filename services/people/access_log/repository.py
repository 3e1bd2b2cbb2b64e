"""Who looked at a person's data, kept for a year unless the installation says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.chassis.jobs.retention import Retention
from services.chassis.pages import after, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection

RETENTIONS = (Retention("looks", "at", "VINCULO_LOOKS_DAYS", 365),)
INDEXES = (Index("looks", [("person_id", 1), ("at", -1), ("_id", -1)]),)


class AccessLog:
    """The access log; a record is written once and never changed."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, look: Document) -> None:
        self._documents.insert(look)

    def add_missing(self, looks: Sequence[Document]) -> None:
        """Adds those whose ids are not there yet."""
        self._documents.insert_new(looks)

    def of_person(self, person_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        where = {"person_id": person_id, **after(cursor, "at")}
        found = self._documents.find(where, [("at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "at", lambda document: document)
