"""Attendance types and the company's options, set up (row A4)."""

from __future__ import annotations

from typing import Any

from services.attendance.session import AttendanceSession
from services.attendance.setup.references import check_options, check_type
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import require_version
from services.attendance.types import contract
from services.attendance.types.model.options import Options
from services.attendance.types.model.types import Tree, Type
from services.attendance.types.presenting import present_type
from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command


@command(takes=contract.CreateType, gives=contract.Type, needs="attendance.configure", section=CONFIGURATION)
def create_type(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Raises Conflict("type_exists") or Invalid("type_invalid", "type_parent_invalid", "variable_unknown")."""
    tx.serialise_configuration()
    made = Type.of(data)
    if tx.types.find(made.id) is not None:
        raise Conflict("type_exists", f"O tipo “{made.id}” já existe.")
    tree = _placed(tx, made)
    tx.types.add(made)
    return present_type(tree, made)


@command(takes=contract.ChangeType, gives=contract.Type, needs="attendance.configure", section=CONFIGURATION)
def change_type(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Running attendances keep their workflow, its version and their cycle.

    Raises NotFound("type_not_found"), Conflict("version_changed", "type_kind_fixed", "type_in_use"), Invalid as create.
    """
    tx.serialise_configuration()
    before = tx.types.get(data["id"])
    require_version(before, data["version"])
    made = Type.of({**data, "version": before.version})
    if not made.active and made.id in named_by(tx.options.get()):
        raise Conflict("type_in_use", f"As opções da empresa usam o tipo {before.name}.")
    tree = _placed(tx, made)
    tx.types.save(made)
    return present_type(tree, made)


@command(
    takes=shared_contract.Keyed, gives=shared_contract.Deleted, needs="attendance.configure", section=CONFIGURATION
)
def delete_type(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Raises NotFound("type_not_found"), Conflict("type_has_children" or "type_in_use")."""
    tx.serialise_configuration()
    found = tx.types.get(data["id"])
    Tree(tx.types.all()).remove(found.id)
    if tx.attendances.of_type(found.id) or found.id in named_by(tx.options.get()):
        raise Conflict(
            "type_in_use", f"O tipo {found.name} tem atendimentos, ou está nas opções da empresa; inative-o."
        )
    tx.types.delete(found.id)
    return {"id": found.id, "deleted": True}


@command(takes=contract.ChangeOptions, gives=contract.Options, needs="attendance.configure", section=CONFIGURATION)
def change_options(tx: AttendanceSession, data: dict[str, Any]) -> Options:
    """Raises Conflict("version_changed"), NotFound("type_not_found") or Invalid("options_invalid")."""
    tx.serialise_configuration()
    options = tx.options.get()
    require_version(options, data.pop("version"))
    changed = Options(**data, version=options.version)
    check_options(changed, Tree(tx.types.all()))
    tx.options.save(changed)
    return changed


def named_by(options: Options) -> tuple[str | None, ...]:
    return (options.default_type_id, options.opportunity_type_id)


def _placed(tx: AttendanceSession, made: Type) -> Tree:
    """The company's tree with it."""
    workflows = {workflow.id: workflow for workflow in tx.workflows.all()}
    check_type(made, workflows, {cycle.id for cycle in tx.cycles.all()})
    tree = Tree(tx.types.all())
    tree.place(made)
    return tree
