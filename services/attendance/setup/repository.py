"""Centers, workflows with their versions, cycles, types and options in the database (rows A1 to A4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from services.attendance.centers.model import Center
from services.attendance.cycles.model import Cycle, Question
from services.attendance.shared.keyed import Keyed, by_key
from services.attendance.types.model.options import Options
from services.attendance.types.model.types import StandardText, Type
from services.attendance.workflow.model.graph import Graph, Version, Workflow
from services.chassis.errors import Conflict
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record, known
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection

INDEXES = (
    by_key("centers"),
    by_key("workflows"),
    by_key("cycles"),
    by_key("types"),
    Index("workflow_versions", [("workflow_id", 1), ("number", -1)], unique=True),
    Index("workflow_versions", [("center_ids", 1)]),
    Index("cycles", [("center_ids", 1)]),
    Index("types", [("workflow_id", 1)]),
    Index("types", [("billing_workflow_id", 1)]),
    Index("types", [("cycle_id", 1)]),
)
# A dry run of publishing looks at this many versions, the newest ones.
VERSIONS_LIMIT = 200

# Called with the `_id` of each record that is saved.
Changed = Callable[[str], None]


def centers(documents: TenantCollection, company: str, changed: Changed) -> Keyed[Center]:
    return Keyed(documents, company, "center", "O centro", lambda found: as_record(found, Center), asdict, changed)


def workflows(documents: TenantCollection, company: str, changed: Changed) -> Keyed[Workflow]:
    return Keyed(documents, company, "workflow", "O workflow", _workflow, _workflow_document, changed)


def cycles(documents: TenantCollection, company: str, changed: Changed) -> Keyed[Cycle]:
    return Keyed(documents, company, "cycle", "O ciclo", _cycle, _cycle_document, changed)


def types(documents: TenantCollection, company: str, changed: Changed) -> Keyed[Type]:
    return Keyed(documents, company, "type", "O tipo", _type, asdict, changed)


class Versions:
    """Published graphs; written once."""

    def __init__(self, documents: TenantCollection, company: str) -> None:
        self._documents, self._company = documents, company

    def add(self, version: Version) -> None:
        name = f"{self._company}/{version.workflow_id}/{version.number}"
        fields = _graph_document(version.graph)
        self._documents.insert(
            {"_id": name, "workflow_id": version.workflow_id, "number": version.number, **fields}
        )  # fmt: skip

    def get(self, workflow_id: str, number: int) -> Version:
        """Raises Conflict("workflow_unpublished")."""
        found = self._documents.find_one({"workflow_id": workflow_id, "number": number})
        if found is None:
            raise Conflict("workflow_unpublished", f"O workflow “{workflow_id}” ainda não foi publicado.")
        return _version(found)

    def of_workflow(self, workflow_id: str) -> list[Version]:
        """Newest first."""
        found = self._documents.find({"workflow_id": workflow_id}, [("number", -1)], VERSIONS_LIMIT)
        return [_version(one) for one in found]

    def any_with_center(self, center_id: str) -> bool:
        """Whether a published graph has the center."""
        return self._documents.find_one({"center_ids": center_id}) is not None


class References:
    """Whether other records refer to one that is about to be deleted."""

    def __init__(self, types: TenantCollection, cycles: TenantCollection) -> None:
        self._types, self._cycles = types, cycles

    def types_use_cycle(self, cycle_id: str) -> bool:
        return self._types.find_one({"cycle_id": cycle_id}) is not None

    def cycles_use_center(self, center_id: str) -> bool:
        return self._cycles.find_one({"center_ids": center_id}) is not None


class OptionsStore:
    """One document a company; the defaults of `Options` until it is stored."""

    def __init__(self, documents: TenantCollection, company: str) -> None:
        self._documents, self._id = documents, f"{company}/options"

    def get(self) -> Options:
        found = self._documents.find_one({"_id": self._id}) or {}
        return as_record(found, Options)

    def save(self, options: Options) -> None:
        options.version += 1
        self._documents.put({"_id": self._id, **asdict(options)})


def _type(found: dict[str, Any]) -> Type:
    texts = [as_record(text, StandardText) for text in found["standard_texts"]]
    return Type.of({**known(found, Type), "standard_texts": texts})


def _workflow(found: dict[str, Any]) -> Workflow:
    graph = Graph.of(found["items"], found["only_graph_centers"])
    return Workflow(found["id"], found["name"], graph, found["published"], found["version"])


def _workflow_document(workflow: Workflow) -> Document:
    fields = {name: getattr(workflow, name) for name in ("id", "name", "published", "version")}
    return {**fields, **_graph_document(workflow.draft)}


def _graph_document(graph: Graph) -> Document:
    return {
        "items": graph.as_items(),
        "only_graph_centers": graph.only_graph_centers,
        "center_ids": list(graph.center_ids()),
    }


def _version(found: Document) -> Version:
    return Version(found["workflow_id"], found["number"], Graph.of(found["items"], found["only_graph_centers"]))


def _cycle(found: dict[str, Any]) -> Cycle:
    parts = [{**part, "questions": [known(one, Question) for one in part["questions"]]} for part in found["centers"]]
    return Cycle(found["id"], found["name"], Cycle.parts(parts), found["version"])


def _cycle_document(cycle: Cycle) -> Document:
    parts = cycle.as_parts()
    fields = {"id": cycle.id, "name": cycle.name, "version": cycle.version, "centers": parts}
    return {**fields, "center_ids": [part["center_id"] for part in parts]}
