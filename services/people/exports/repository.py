"""The record of exports: who exported persons, and when."""

from __future__ import annotations

import datetime as dt

from services.chassis.jobs.retention import Retention
from services.chassis.storage.indexes import Index
from services.chassis.storage.tenant import TenantCollection

RETENTIONS = (Retention("exports", "at", "VINCULO_ACCESS_AUDIT_DAYS", 1825),)
INDEXES = (Index("exports", [("at", -1), ("_id", -1)]),)


class Exports:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, export_id: str, user_id: str, user_name: str, filtered: bool, at: dt.datetime) -> None:
        """Records an export; only whether it was filtered is kept, because the text may be somebody's name."""
        self._documents.insert(
            {"_id": export_id, "user_id": user_id, "user_name": user_name, "filtered": filtered, "at": at}
        )
