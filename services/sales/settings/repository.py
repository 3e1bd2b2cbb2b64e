"""What a company configures for its sales: one small document each, for the stages, the markers, the settings and
the choice of templates."""

from __future__ import annotations

from dataclasses import asdict, fields

from pymongo.errors import DuplicateKeyError

from services.chassis.errors import ConcurrentUpdate
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.markers.model import Marker, Markers
from services.sales.pipeline.model import Pipeline, Stage
from services.sales.settings.model import Settings
from services.sales.templates.model import DefaultTemplates


class Configuration:
    def __init__(self, documents: TenantCollection, company: str) -> None:
        self._documents = documents
        self._company = company

    def pipeline(self) -> Pipeline:
        found = self._read("pipeline")
        if found is None:
            return Pipeline.default(self._company)
        return Pipeline([Stage(**stage) for stage in found["stages"]], found["version"])

    def markers(self) -> Markers:
        found = self._read("markers")
        return Markers([Marker(**item) for item in found["items"]], found["version"]) if found else Markers()

    def settings(self) -> Settings:
        found = self._read("settings")
        names = {field.name for field in fields(Settings)}
        return Settings(**{name: value for name, value in (found or {}).items() if name in names})

    def default_templates(self) -> DefaultTemplates:
        found = self._read("defaulttemplates")
        names = ("quote", "visit_sheet", "version")
        return DefaultTemplates(**{name: found[name] for name in names}) if found else DefaultTemplates()

    def save(self, changed: Pipeline | Markers | Settings | DefaultTemplates) -> None:
        """Raises ConcurrentUpdate("version_changed") when another writer was first."""
        changed.version += 1
        document = {"_id": self._id(type(changed).__name__.lower()), **asdict(changed)}
        if changed.version > 1:
            self._documents.replace(document)
            return
        try:
            self._documents.insert(document)
        except DuplicateKeyError as error:
            raise ConcurrentUpdate("version_changed", "O registro foi alterado por outra pessoa.") from error

    def _read(self, name: str) -> Document | None:
        return self._documents.find_one({"_id": self._id(name)})

    def _id(self, name: str) -> str:
        return f"{self._company}:{name}"
