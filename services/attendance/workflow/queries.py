"""Reading workflows, and the dry run of publishing one (row A2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.attendance.attendances.repository import STRANDED_LIMIT
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import centers_of
from services.attendance.workflow import contract
from services.attendance.workflow.model.check import check, lost_places
from services.attendance.workflow.model.graph import Workflow
from services.attendance.workflow.presenting import present_workflow
from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query

SAMPLE = 10


@query(takes=shared_contract.Keyed, gives=contract.Workflow, needs="attendance.read", section=CONFIGURATION)
def get_workflow(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    return present_workflow(session.workflows.get(data["id"]))


@query(takes=shared_contract.Everything, gives=contract.WorkflowList, needs="attendance.read", section=CONFIGURATION)
def list_workflows(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    return {"items": [present_workflow(workflow) for workflow in session.workflows.all()]}


@query(takes=shared_contract.Keyed, gives=contract.WorkflowCheck, needs="attendance.read", section="attendances")
def get_workflow_check(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A2: a dry run of publishing the draft (`contract.WorkflowCheck`); raises NotFound("workflow_not_found")."""
    workflow = session.workflows.get(data["id"])
    problems = check(workflow.draft, centers_of(session))
    stranded = list(_stranded(session, workflow))
    return {
        "publishable": not problems,
        "problems": problems,
        "stranded_count": sum(place["count"] for place in stranded),
        "stranded": stranded,
    }


def _stranded(session: AttendanceSession, workflow: Workflow) -> Iterator[dict[str, Any]]:
    """Running attendances at places of published versions that the draft lacks, as `contract.Stranded`.

    A center outside the graph is such a place where the draft allows only centers of the graph.
    """
    versions = session.versions.of_workflow(workflow.id)
    lost = dict.fromkeys(place for version in versions for place in lost_places(version.graph, workflow.draft))
    if workflow.draft.only_graph_centers and any(not version.graph.only_graph_centers for version in versions):
        lost[(None, None)] = None
    for item_id, center_id in lost:
        found = session.attendances.standing_at(workflow.id, item_id)
        stranded = [row for row in found if item_id is None or center_id in (None, row.center_id)]
        if stranded:
            yield {
                "item_id": item_id,
                "center_id": center_id,
                "count": len(stranded),
                "more": len(found) == STRANDED_LIMIT,
                "references": [attendance.reference for attendance in stranded[:SAMPLE]],
            }
