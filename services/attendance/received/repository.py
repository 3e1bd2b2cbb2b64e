"""The company's rule in the database: one document, beside its other settings."""

from __future__ import annotations

from dataclasses import asdict

from services.attendance.received.model import ReceivingRule
from services.chassis.storage.records import as_record
from services.chassis.storage.tenant import TenantCollection


class ReceivingRules:
    def __init__(self, documents: TenantCollection, company: str) -> None:
        self._documents = documents
        self._id = f"{company}:receiving"

    def get(self) -> ReceivingRule:
        """The stored rule, or the defaults of `ReceivingRule`."""
        found = self._documents.find_one({"_id": self._id})
        return as_record(found or {}, ReceivingRule)

    def save(self, rule: ReceivingRule) -> None:
        """Raises ConcurrentUpdate("version_changed")."""
        rule.version += 1
        document = {"_id": self._id, **asdict(rule)}
        if rule.version == 1:
            self._documents.insert(document)
        else:
            self._documents.replace(document)
