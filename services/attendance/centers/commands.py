"""Configuring responsibility centers (row A1)."""

from __future__ import annotations

from typing import Any

from services.attendance.centers import contract
from services.attendance.centers.model import Center
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import require_version
from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command


@command(takes=contract.CreateCenter, gives=contract.Center, needs="attendance.configure", section=CONFIGURATION)
def create_center(tx: AttendanceSession, data: dict[str, Any]) -> Center:
    """Raises Conflict("center_exists")."""
    tx.serialise_configuration()
    center = Center(**data)
    tx.centers.add(center)
    return center


@command(takes=contract.ChangeCenter, gives=contract.Center, needs="attendance.configure", section=CONFIGURATION)
def change_center(tx: AttendanceSession, data: dict[str, Any]) -> Center:
    """Raises NotFound("center_not_found"), Conflict("version_changed" or "center_in_use")."""
    tx.serialise_configuration()
    center = tx.centers.get(data.pop("id"))
    require_version(center, data.pop("version"))
    center.change(data, in_a_workflow=tx.versions.any_with_center(center.id))
    tx.centers.save(center)
    return center


@command(
    takes=shared_contract.Keyed, gives=shared_contract.Deleted, needs="attendance.configure", section=CONFIGURATION
)
def delete_center(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Raises NotFound("center_not_found") or Conflict("center_in_use")."""
    tx.serialise_configuration()
    center = tx.centers.get(data["id"])
    uses = {
        "um workflow publicado": tx.versions.any_with_center(center.id),
        "um ciclo de atendimento": tx.references.cycles_use_center(center.id),
        "atendimentos em aberto": tx.attendances.any_open_in_center(center.id),
    }
    used_by = [name for name, used in uses.items() if used]
    if used_by:
        raise Conflict("center_in_use", f"O centro {center.name} é usado por {' e '.join(used_by)}.")
    tx.centers.delete(center.id)
    return {"id": center.id, "deleted": True}
