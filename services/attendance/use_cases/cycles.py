"""Setting up service cycles (row A3)."""

from __future__ import annotations

from typing import Any

from services.attendance import contract
from services.attendance.domain import Cycle
from services.attendance.domain.references import check_cycle
from services.attendance.store import AttendanceSession
from services.attendance.use_cases.looking import centers_of, require_version
from services.chassis.entrypoints import command, query
from services.chassis.errors import Conflict
from services.chassis.sections import CONFIGURATION


@command(takes=contract.CreateCycle, gives=contract.Cycle, needs="attendance.configure", section=CONFIGURATION)
def create_cycle(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Raises Conflict("cycle_exists") or Invalid("cycle_invalid")."""
    tx.serialise_configuration()
    cycle = Cycle(data["id"], data["name"], Cycle.parts(data["centers"]))
    check_cycle(cycle, centers_of(tx))
    tx.cycles.add(cycle)
    return shown(cycle)


@command(takes=contract.ChangeCycle, gives=contract.Cycle, needs="attendance.configure", section=CONFIGURATION)
def change_cycle(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Holds for running attendances at once; given answers keep the question as it was asked.

    Raises NotFound("cycle_not_found"), Conflict("version_changed") or Invalid("cycle_invalid").
    """
    tx.serialise_configuration()
    cycle = tx.cycles.get(data["id"])
    require_version(cycle, data["version"])
    cycle.name, cycle.centers = data["name"], Cycle.parts(data["centers"])
    check_cycle(cycle, centers_of(tx))
    tx.cycles.save(cycle)
    return shown(cycle)


@command(takes=contract.Keyed, gives=contract.Deleted, needs="attendance.configure", section=CONFIGURATION)
def delete_cycle(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Raises NotFound("cycle_not_found") or Conflict("cycle_in_use")."""
    tx.serialise_configuration()
    cycle = tx.cycles.get(data["id"])
    if tx.references.cycle_in_types(cycle.id) or tx.attendances.of_cycle(cycle.id):
        raise Conflict("cycle_in_use", f"O ciclo {cycle.name} é usado por um tipo ou por atendimentos.")
    tx.cycles.delete(cycle.id)
    return {"id": cycle.id, "deleted": True}


@query(takes=contract.Keyed, gives=contract.Cycle, needs="attendance.read", section=CONFIGURATION)
def get_service_cycle(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    return shown(session.cycles.get(data["id"]))


@query(takes=contract.Everything, gives=contract.CycleList, needs="attendance.read", section=CONFIGURATION)
def list_cycles(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    return {"items": [shown(cycle) for cycle in session.cycles.all()]}


def shown(cycle: Cycle) -> dict[str, Any]:
    """What `contract.Cycle` shows."""
    return {"id": cycle.id, "name": cycle.name, "centers": cycle.as_parts(), "version": cycle.version}
