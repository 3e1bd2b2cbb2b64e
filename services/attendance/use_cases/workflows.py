"""Drawing, checking and publishing workflows (row A2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.attendance import contract
from services.attendance.domain import Center, Graph, Version, Workflow
from services.attendance.domain.workflow_check import check, lost_places, require_sound
from services.attendance.store import STRANDED_LIMIT, AttendanceSession
from services.attendance.use_cases.looking import centers_of, require_version
from services.chassis.entrypoints import command, query
from services.chassis.errors import Conflict
from services.chassis.sections import CONFIGURATION

SAMPLE = 10


@command(takes=contract.CreateWorkflow, gives=contract.Workflow, needs="attendance.configure", section=CONFIGURATION)
def create_workflow(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """A draft; raises Conflict("workflow_exists")."""
    tx.serialise_configuration()
    workflow = Workflow(data["id"], data["name"], Graph.of(data["items"], data["only_graph_centers"]))
    tx.workflows.add(workflow)
    return shown(workflow)


@command(takes=contract.ChangeWorkflow, gives=contract.Workflow, needs="attendance.configure", section=CONFIGURATION)
def change_workflow(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """The draft only; raises NotFound("workflow_not_found") or Conflict("version_changed")."""
    tx.serialise_configuration()
    workflow = tx.workflows.get(data["id"])
    require_version(workflow, data["version"])
    workflow.name = data["name"]
    workflow.draft = Graph.of(data["items"], data["only_graph_centers"])
    tx.workflows.save(workflow)
    return shown(workflow)


@command(takes=contract.Keyed, gives=contract.Workflow, needs="attendance.configure", section=CONFIGURATION)
def publish_workflow(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """The draft becomes the next version; the same draft again makes no new one.

    Raises NotFound("workflow_not_found") or Invalid("workflow_invalid") with every problem, by item.
    """
    tx.serialise_configuration()
    workflow = tx.workflows.get(data["id"])
    if publish(tx, workflow, centers_of(tx)):
        tx.workflows.save(workflow)
    return shown(workflow)


@command(takes=contract.Keyed, gives=contract.Deleted, needs="attendance.configure", section=CONFIGURATION)
def delete_workflow(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Raises NotFound("workflow_not_found") or Conflict("workflow_published")."""
    tx.serialise_configuration()
    workflow = tx.workflows.get(data["id"])
    if workflow.published:
        raise Conflict("workflow_published", "O workflow já foi publicado, e atendimentos podem segui-lo.")
    tx.workflows.delete(workflow.id)
    return {"id": workflow.id, "deleted": True}


@query(takes=contract.Keyed, gives=contract.Workflow, needs="attendance.read", section=CONFIGURATION)
def get_workflow(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    return shown(session.workflows.get(data["id"]))


@query(takes=contract.Everything, gives=contract.WorkflowList, needs="attendance.read", section=CONFIGURATION)
def list_workflows(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    return {"items": [shown(workflow) for workflow in session.workflows.all()]}


@query(takes=contract.Keyed, gives=contract.WorkflowCheck, needs="attendance.read", section="attendances")
def get_workflow_check(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """The dry run: what keeps the draft from being published, and who would be stranded. Changes nothing."""
    workflow = session.workflows.get(data["id"])
    problems = check(workflow.draft, centers_of(session))
    stranded = list(_stranded(session, workflow))
    return {
        "publishable": not problems,
        "problems": problems,
        "stranded_count": sum(place["count"] for place in stranded),
        "stranded": stranded,
    }


def publish(tx: AttendanceSession, workflow: Workflow, centers: dict[str, Center]) -> bool:
    """Writes the next version where the draft differs from the last; the caller saves the workflow."""
    require_sound(workflow.draft, centers)
    if workflow.published and tx.versions.get(workflow.id, workflow.published).graph == workflow.draft:
        return False
    workflow.published += 1
    tx.versions.add(Version(workflow.id, workflow.published, workflow.draft))
    return True


def shown(workflow: Workflow) -> dict[str, Any]:
    """What `contract.Workflow` shows."""
    draft = {"items": workflow.draft.as_items(), "only_graph_centers": workflow.draft.only_graph_centers}
    return {"id": workflow.id, "name": workflow.name, **draft, "published": workflow.published,
            "version": workflow.version}  # fmt: skip


def _stranded(session: AttendanceSession, workflow: Workflow) -> Iterator[dict[str, Any]]:
    """Running attendances at places of earlier versions that the draft has not (or outside it, where it forbids)."""
    versions = session.versions.of_workflow(workflow.id)
    lost = dict.fromkeys(place for version in versions for place in lost_places(version.graph, workflow.draft))
    if workflow.draft.only_graph_centers and any(not version.graph.only_graph_centers for version in versions):
        lost[(None, None)] = None
    for item_id, center_id in lost:
        found = session.attendances.standing_at(workflow.id, item_id)
        there = [one for one in found if item_id is None or center_id in (None, one.center_id)]
        if there:
            yield {
                "item_id": item_id,
                "center_id": center_id,
                "count": len(there),
                "more": len(found) == STRANDED_LIMIT,
                "references": [one.reference for one in there[:SAMPLE]],
            }
