"""Configuring attendance types and the company's options (row A4)."""

from __future__ import annotations

from typing import Any

from services.attendance.session import AttendanceSession
from services.attendance.setup.references import check_options, check_options_kept, check_type
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
    """Raises Conflict("type_exists" or "type_size_exceeded"), Invalid("type_invalid", "type_parent_invalid" or
    "variable_unknown")."""
    tx.serialise_configuration()
    created = Type.of(data)
    if tx.types.find(created.id) is not None:
        raise Conflict("type_exists", f"O tipo “{created.id}” já existe.")
    tree = _place_in_tree(tx, created)
    tx.types.add(created)
    return present_type(tree, created)


@command(takes=contract.ChangeType, gives=contract.Type, needs="attendance.configure", section=CONFIGURATION)
def change_type(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Running attendances keep their workflow, its version and their cycle.

    Raises NotFound("type_not_found"), Conflict("version_changed", "type_kind_fixed", "type_in_use"), and Invalid as
    create_type.
    """
    tx.serialise_configuration()
    before = tx.types.get(data["id"])
    require_version(before, data["version"])
    changed = Type.of({**data, "version": before.version})
    tree = _place_in_tree(tx, changed)
    check_options_kept(tx.options.get(), Tree(tx.types.all()), tree)
    tx.types.save(changed)
    return present_type(tree, changed)


@command(
    takes=shared_contract.Keyed, gives=shared_contract.Deleted, needs="attendance.configure", section=CONFIGURATION
)
def delete_type(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Raises NotFound("type_not_found"), Conflict("type_has_children" or "type_in_use")."""
    tx.serialise_configuration()
    deleted = tx.types.get(data["id"])
    Tree(tx.types.all()).remove(deleted.id)
    if tx.attendances.any_of_type(deleted.id) or deleted.id in _types_in(tx.options.get()):
        raise Conflict(
            "type_in_use", f"O tipo {deleted.name} tem atendimentos, ou está nas opções da empresa; inative-o."
        )
    tx.types.delete(deleted.id)
    return {"id": deleted.id, "deleted": True}


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


def _types_in(options: Options) -> tuple[str | None, ...]:
    return (options.default_type_id, options.opportunity_type_id)


def _place_in_tree(tx: AttendanceSession, new: Type) -> Tree:
    """The company's tree of types with the new or changed one; raises what check_type and Tree.place raise."""
    workflows = {workflow.id: workflow for workflow in tx.workflows.all()}
    check_type(new, workflows, {cycle.id for cycle in tx.cycles.all()})
    tree = Tree(tx.types.all())
    tree.place(new)
    return tree
