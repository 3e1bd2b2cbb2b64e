"""The settings in the database: one document a company."""

from __future__ import annotations

from dataclasses import asdict

from services.attendance.settings.model import Column, Settings
from services.chassis.storage.records import as_record
from services.chassis.storage.tenant import TenantCollection

# Columns that the database names otherwise: stored name by column name, and the inverse.
STORED_NAMES = {"subject": "title", "state": "status"}
COLUMN_NAMES = {stored: name for name, stored in STORED_NAMES.items()}


class SettingsStore:
    def __init__(self, documents: TenantCollection, company: str) -> None:
        self._documents = documents
        self._company = company

    def get(self) -> Settings:
        """The stored settings, or the defaults of `Settings`."""
        found = self._documents.find_one({"_id": self._company})
        if found is None:
            return Settings()
        columns = tuple(Column(COLUMN_NAMES.get(one["name"], one["name"]), one["visible"]) for one in found["columns"])
        return as_record(found, Settings, columns=columns)

    def save(self, settings: Settings) -> None:
        """Raises ConcurrentUpdate("version_changed")."""
        settings.version += 1
        columns = [{**asdict(one), "name": STORED_NAMES.get(one.name, one.name)} for one in settings.columns]
        document = {"_id": self._company, **asdict(settings), "columns": columns}
        if settings.version == 1:
            self._documents.insert(document)
        else:
            self._documents.replace(document)
