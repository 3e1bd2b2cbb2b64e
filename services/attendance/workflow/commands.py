"""Drawing, publishing and deleting workflows (row A2)."""

from __future__ import annotations

from typing import Any

from services.attendance.centers.model import Center
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import centers_of, require_version
from services.attendance.workflow import contract
from services.attendance.workflow.model.check import require_sound
from services.attendance.workflow.model.graph import Graph, Version, Workflow
from services.attendance.workflow.presenting import present_workflow
from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command


@command(takes=contract.CreateWorkflow, gives=contract.Workflow, needs="attendance.configure", section=CONFIGURATION)
def create_workflow(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Creates a workflow with a draft; raises Conflict("workflow_exists")."""
    tx.serialise_configuration()
    workflow = Workflow(data["id"], data["name"], Graph.of(data["items"], data["only_graph_centers"]))
    tx.workflows.add(workflow)
    return present_workflow(workflow)


@command(takes=contract.ChangeWorkflow, gives=contract.Workflow, needs="attendance.configure", section=CONFIGURATION)
def change_workflow(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Changes name and draft; published versions stay.

    Raises NotFound("workflow_not_found") or Conflict("version_changed").
    """
    tx.serialise_configuration()
    workflow = tx.workflows.get(data["id"])
    require_version(workflow, data["version"])
    workflow.name = data["name"]
    workflow.draft = Graph.of(data["items"], data["only_graph_centers"])
    tx.workflows.save(workflow)
    return present_workflow(workflow)


@command(takes=shared_contract.Keyed, gives=contract.Workflow, needs="attendance.configure", section=CONFIGURATION)
def publish_workflow(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """The draft becomes the next version; the same draft again makes no new one.

    Raises NotFound("workflow_not_found") or Invalid("workflow_invalid") with every problem, by item.
    """
    tx.serialise_configuration()
    workflow = tx.workflows.get(data["id"])
    if publish(tx, workflow, centers_of(tx)):
        tx.workflows.save(workflow)
    return present_workflow(workflow)


@command(
    takes=shared_contract.Keyed, gives=shared_contract.Deleted, needs="attendance.configure", section=CONFIGURATION
)
def delete_workflow(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Raises NotFound("workflow_not_found") or Conflict("workflow_published")."""
    tx.serialise_configuration()
    workflow = tx.workflows.get(data["id"])
    if workflow.published:
        raise Conflict("workflow_published", "O workflow já foi publicado, e atendimentos podem segui-lo.")
    tx.workflows.delete(workflow.id)
    return {"id": workflow.id, "deleted": True}


def publish(tx: AttendanceSession, workflow: Workflow, centers: dict[str, Center]) -> bool:
    """Adds the next version if the draft differs from the last one, and tells so; the caller saves the workflow.

    Raises Invalid("workflow_invalid").
    """
    require_sound(workflow.draft, centers)
    if workflow.published and tx.versions.get(workflow.id, workflow.published).graph == workflow.draft:
        return False
    workflow.published += 1
    tx.versions.add(Version(workflow.id, workflow.published, workflow.draft))
    return True
