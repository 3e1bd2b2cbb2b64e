"""A workflow as it appears in responses."""

from __future__ import annotations

from typing import Any

from services.attendance.workflow.model.graph import Workflow


def present_workflow(workflow: Workflow) -> dict[str, Any]:
    """The fields of `contract.Workflow`."""
    draft = {"items": workflow.draft.as_items(), "only_graph_centers": workflow.draft.only_graph_centers}
    return {"id": workflow.id, "name": workflow.name, **draft, "published": workflow.published,
            "version": workflow.version}  # fmt: skip
