"""The settings in the database: one document a company."""

from __future__ import annotations

from dataclasses import asdict

from services.attendance.settings.model import Column, Settings
from services.chassis.storage.records import as_record
from services.chassis.storage.tenant import TenantCollection

# The name that a column has in the database, where it is another one.
WRITTEN = {"subject": "title", "state": "status"}
READ = {kept: name for name, kept in WRITTEN.items()}


class SettingsStore:
    def __init__(self, documents: TenantCollection, company: str) -> None:
        self._documents = documents
        self._company = company

    def get(self) -> Settings:
        """The stored settings, or the defaults of `Settings`."""
        found = self._documents.find_one({"_id": self._company})
        if found is None:
            return Settings()
        columns = tuple(Column(_named(one["name"], READ), one["visible"]) for one in found["columns"])
        return as_record(found, Settings, columns=columns)

    def save(self, settings: Settings) -> None:
        """Raises ConcurrentUpdate("version_changed")."""
        settings.version += 1
        columns = [{**asdict(one), "name": _named(one.name, WRITTEN)} for one in settings.columns]
        document = {"_id": self._company, **asdict(settings), "columns": columns}
        if settings.version == 1:
            self._documents.insert(document)
        else:
            self._documents.replace(document)


def _named(name: str, names: dict[str, str]) -> str:
    return names.get(name, name)
