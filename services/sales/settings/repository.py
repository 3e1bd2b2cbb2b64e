"""What a company configures for its sales: one small document each, for the stages, the markers, the reasons of a loss,
the settings, the choice of templates and the letterhead."""

from __future__ import annotations

from dataclasses import asdict

from pymongo.errors import DuplicateKeyError

from services.chassis.errors import ConcurrentUpdate
from services.chassis.handling.session import Session
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.sales.letterhead.model import Letterhead
from services.sales.lost_reasons.model import LostReason, LostReasons
from services.sales.markers.model import Marker, Markers
from services.sales.pipeline.model import Pipeline, Stage
from services.sales.settings.model import Settings
from services.sales.templates.model import DefaultTemplates

COLLECTION = "configuration"


class Configuration:
    """Reads each document once: a command in its transaction; a query, or if `cached`, as it was seconds ago."""

    def __init__(self, session: Session, cached: bool = False) -> None:
        tenant = session.tenant
        self._documents, self._cached = tenant.collection(COLLECTION), tenant.cached(COLLECTION)
        fresh = tenant.in_transaction and not cached
        self._find_one = self._documents.find_one if fresh else self._cached.find_one
        self._company = session.company
        self._found: dict[str, Document | None] = {}
        self._after_commit = session.after_commit

    def pipeline(self) -> Pipeline:
        found = self._read("pipeline")
        if found is None:
            return Pipeline.default(self._company)
        return Pipeline([as_record(stage, Stage) for stage in found["stages"]], found["version"])

    def markers(self) -> Markers:
        found = self._read("markers")
        return Markers([as_record(item, Marker) for item in found["items"]], found["version"]) if found else Markers()

    def lost_reasons(self) -> LostReasons:
        found = self._read("lostreasons")
        if found is None:
            return LostReasons()
        return LostReasons([as_record(item, LostReason) for item in found["items"]], found["version"])

    def settings(self) -> Settings:
        found = self._read("settings")
        return as_record(found or {}, Settings)

    def default_templates(self) -> DefaultTemplates:
        found = self._read("defaulttemplates")
        return as_record(found or {}, DefaultTemplates)

    def letterhead(self) -> Letterhead:
        found = self._read("letterhead")
        return as_record(found or {}, Letterhead)

    def save(self, changed: Pipeline | Markers | LostReasons | Settings | DefaultTemplates | Letterhead) -> None:
        """Raises ConcurrentUpdate("version_changed") when another writer was first."""
        changed.version += 1
        name = type(changed).__name__.lower()
        document = {"_id": self._id(name), **asdict(changed)}
        self._found.pop(name, None)
        self._after_commit.append(lambda: self._cached.forget(document["_id"]))
        if changed.version > 1:
            self._documents.replace(document)
            return
        try:
            self._documents.insert(document)
        except DuplicateKeyError as error:
            raise ConcurrentUpdate("version_changed", "O registro foi alterado por outra pessoa.") from error

    def _read(self, name: str) -> Document | None:
        if name not in self._found:
            self._found[name] = self._find_one({"_id": self._id(name)})
        return self._found[name]

    def _id(self, name: str) -> str:
        return f"{self._company}:{name}"
