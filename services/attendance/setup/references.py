"""Checks of references between configuration records (rows A1 to A4). Pure: no store, no clock."""

from __future__ import annotations

from collections.abc import Container, Mapping

from services.attendance.cycles.model import Cycle
from services.attendance.types.model.options import Options
from services.attendance.types.model.types import LEAF, Tree, Type
from services.attendance.workflow.model.graph import Workflow
from services.chassis.errors import Conflict, Invalid


def check_cycle(cycle: Cycle, centers: Container[str]) -> None:
    """Raises Invalid("cycle_invalid") for a center that does not exist."""
    for part in cycle.centers:
        if part.center_id not in centers:
            raise _wrong("cycle_invalid", "centers", f"O centro “{part.center_id}” não existe.")


def check_type(one: Type, workflows: Mapping[str, Workflow], cycles: Container[str]) -> None:
    """Raises Invalid("type_invalid") for a workflow that is not published, or a cycle that does not exist."""
    for field in ("workflow_id", "billing_workflow_id"):
        name = getattr(one, field)
        if name is not None and (name not in workflows or not workflows[name].published):
            raise _wrong("type_invalid", field, f"O workflow “{name}” não existe ou não foi publicado.")
    if one.cycle_id is not None and one.cycle_id not in cycles:
        raise _wrong("type_invalid", "cycle_id", f"O ciclo “{one.cycle_id}” não existe.")


def check_options(options: Options, tree: Tree) -> None:
    """Raises Invalid("options_invalid") for a type that is a group or inactive, or in an inactive group,
    NotFound("type_not_found").
    """
    for field in ("default_type_id", "opportunity_type_id"):
        name = getattr(options, field)
        if name is not None and (tree.get(name).kind != LEAF or not tree.is_active(name)):
            raise _wrong("options_invalid", field, f"Escolha um tipo analítico ativo; “{name}” não é.")


def check_options_kept(options: Options, before: Tree, after: Tree) -> None:
    """Raises Conflict("type_in_use") if a change of the tree makes a type inactive that the options name.

    A type is inactive with a group above it, too: by that group's change, or by a move under it.
    """
    for name in (options.default_type_id, options.opportunity_type_id):
        if name is not None and before.is_active(name) and not after.is_active(name):
            raise Conflict("type_in_use", f"As opções da empresa usam o tipo {before.get(name).name}.")


def _wrong(code: str, field: str, detail: str) -> Invalid:
    return Invalid(code, detail, fields={field: [detail]})
