"""A company's whole configuration as one document, exported (rows A1 to A4)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.attendance.session import AttendanceSession
from services.attendance.setup import contract
from services.attendance.shared import contract as shared_contract
from services.attendance.workflow.model.graph import Workflow
from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query

Data = dict[str, Any]


@query(
    takes=shared_contract.Everything,
    gives=contract.ConfigurationDocument,
    needs="attendance.read",
    section=CONFIGURATION,
)
def get_configuration(session: AttendanceSession, data: Data) -> Data:
    """The configuration in force as a document that apply_configuration leaves unchanged; only published workflows."""
    options = {name: value for name, value in asdict(session.options.get()).items() if name != "version"}
    document = {
        "format": contract.FORMAT,
        "centers": [_without_version(asdict(center)) for center in session.centers.all()],
        "workflows": [_published(session, workflow) for workflow in session.workflows.all() if workflow.published],
        "cycles": [
            _without_version({"id": c.id, "name": c.name, "centers": c.as_parts()}) for c in session.cycles.all()
        ],
        "types": [_without_version(asdict(one)) for one in session.types.all()],
        "options": options,
    }
    return {"document": document}


def _published(session: AttendanceSession, workflow: Workflow) -> Data:
    graph = session.versions.get(workflow.id, workflow.published).graph
    fields = {"id": workflow.id, "name": workflow.name, "only_graph_centers": graph.only_graph_centers}
    return {**fields, "items": graph.as_items()}


def _without_version(record: Data) -> Data:
    return {name: value for name, value in record.items() if name != "version"}
