"""What several use cases look up: an attendance that the actor may see, its type, its cycle, the company's day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.attendance.attendances.model.attendance import Attendance
from services.attendance.centers.model import Center
from services.attendance.cycles.model import Cycle
from services.attendance.session import AttendanceSession
from services.attendance.types.model.types import Tree, Type
from services.attendance.workflow.model.graph import Graph
from services.chassis.errors import Conflict, NotFound


def today(session: AttendanceSession) -> dt.date:
    """The company's day."""
    return session.zone.today(session.now)


def sees_type(session: AttendanceSession, type_id: str | None) -> bool:
    return type_id is None or session.actor.sees("attendance_type", type_id)


def attendance_of(session: AttendanceSession, attendance_id: str) -> Attendance:
    """Raises NotFound("attendance_not_found"), for one of a type that the actor may not see, too."""
    found = session.attendances.get(attendance_id)
    if not sees_type(session, found.type_id):
        raise NotFound("attendance_not_found", "Atendimento não encontrado.")
    return found


def who_sees(session: AttendanceSession, attendance: Attendance) -> dict[str, Any]:
    """What other services are told of who sees it (events.Filed); they hear of its flow's changes besides."""
    flow = session.flows.find(attendance.flow_id) if attendance.flow_id else None
    told = {"flow_id": flow.id, "version": flow.version, "users": flow.users} if flow else None
    return {"type_id": attendance.type_id, "flow": told}


def type_to_open(session: AttendanceSession, type_id: str | None) -> Type | None:
    """The effective leaf; raises NotFound("type_not_found"), Conflict("type_is_group" or "type_inactive")."""
    if type_id is None:
        return None
    if not sees_type(session, type_id):
        raise NotFound("type_not_found", "Tipo de atendimento não encontrado.")
    return Tree(session.types.all()).to_open(type_id)


def type_for_event(session: AttendanceSession, type_id: str | None) -> Type | None:
    """The effective type that an event opens with; one made inactive since is no reason to lose the event."""
    tree = Tree(session.types.all() if type_id else [])
    return tree.effective(tree.get(type_id)) if type_id else None


def type_of(session: AttendanceSession, attendance: Attendance) -> Type | None:
    """The type with what it inherits."""
    if attendance.type_id is None:
        return None
    tree = Tree(session.types.all())
    return tree.effective(tree.get(attendance.type_id))


def centers_of(session: AttendanceSession) -> dict[str, Center]:
    """All of the company, by id."""
    return {center.id: center for center in session.centers.all()}


def graph_of(session: AttendanceSession, attendance: Attendance) -> Graph | None:
    """Of the version that the attendance keeps."""
    if attendance.workflow_id is None:
        return None
    return session.versions.get(attendance.workflow_id, attendance.workflow_version).graph


def cycle_of(session: AttendanceSession, attendance: Attendance) -> Cycle | None:
    return session.cycles.find(attendance.cycle_id) if attendance.cycle_id else None


def require_version(record: Any, seen: int | None) -> None:
    """Raises Conflict("version_changed") when somebody saved since the changer looked."""
    if seen is not None and seen != record.version:
        raise Conflict(
            "version_changed", "O registro foi alterado por outra pessoa; carregue-o novamente.", version=record.version
        )
