"""Reading attendance types and the company's options (row A4)."""

from __future__ import annotations

from typing import Any

from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import sees_type
from services.attendance.types import contract
from services.attendance.types.model.options import Options
from services.attendance.types.model.types import Tree
from services.attendance.types.presenting import present_type
from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import NotFound
from services.chassis.handling.entrypoints import query


@query(takes=shared_contract.Keyed, gives=contract.Type, needs="attendance.read", section=CONFIGURATION)
def get_type(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Raises NotFound("type_not_found"), also for a type that the actor may not see."""
    tree = Tree(session.types.all())
    if not sees_type(session, data["id"]):
        raise NotFound("type_not_found", "Tipo de atendimento não encontrado.")
    return present_type(tree, tree.get(data["id"]))


@query(takes=shared_contract.Everything, gives=contract.TypeList, needs="attendance.read", section=CONFIGURATION)
def list_types(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """All groups, and the leaves that the actor may see."""
    types = session.types.all()
    tree = Tree(types)
    return {"items": [present_type(tree, one) for one in types if one.kind == "group" or sees_type(session, one.id)]}


@query(takes=shared_contract.Everything, gives=contract.Options, needs="attendance.read", section=CONFIGURATION)
def get_options(session: AttendanceSession, data: dict[str, Any]) -> Options:
    return session.options.get()
