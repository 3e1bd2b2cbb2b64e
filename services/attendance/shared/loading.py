"""Loading what several use cases need: an attendance that the actor may see, its type, workflow and cycle."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from services.attendance.attendances.model.attendance import Attendance
from services.attendance.centers.model import Center
from services.attendance.cycles.model import Cycle
from services.attendance.session import AttendanceSession
from services.attendance.types.model.types import Tree, Type
from services.attendance.workflow.model.graph import Graph
from services.chassis.errors import Conflict, NotFound

# The namespace of ids derived from deduplication keys: opening twice with a key cannot create a second attendance.
DEDUPLICATED = uuid.UUID("5b0f3e36-8a1d-5f0c-9a52-3f0f6f1f4a7e")


def today(session: AttendanceSession) -> dt.date:
    """The current date in the company's time zone."""
    return session.zone.today(session.now)


def sees_type(session: AttendanceSession, type_id: str | None) -> bool:
    return type_id is None or session.actor.sees("attendance_type", type_id)


def attendance_of(session: AttendanceSession, attendance_id: str) -> Attendance:
    """The attendance; raises NotFound("attendance_not_found"), also where the actor may not see it or its type."""
    attendance = session.attendances.get(attendance_id)
    if not sees_type(session, attendance.type_id):
        raise NotFound("attendance_not_found", "Atendimento não encontrado.")
    return attendance


def id_of_key(session: AttendanceSession, dedup_key: str) -> str:
    """Row A7: the id of the attendance that the key opens."""
    return uuid.uuid5(DEDUPLICATED, f"{session.company}|{dedup_key}").hex


def require_same_person(session: AttendanceSession, person_id: str, asked: str) -> None:
    """Raises Conflict("dedup_key_reused") if the key was used for another person; merged persons are one person."""
    if session.redirects.current(person_id) != session.redirects.current(asked):
        raise Conflict("dedup_key_reused", "Esta chave já abriu um atendimento de outra pessoa.")


def who_sees(session: AttendanceSession, attendance: Attendance) -> dict[str, Any]:
    """The fields of events.Filed, by which other services decide who sees the attendance."""
    flow = session.flows.find(attendance.flow_id) if attendance.flow_id else None
    users = {"flow_id": flow.id, "version": flow.version, "users": flow.users} if flow else None
    return {"type_id": attendance.type_id, "flow": users}


def type_to_open(session: AttendanceSession, type_id: str | None) -> Type | None:
    """The type of a new attendance with inherited values; None without `type_id`.

    Raises NotFound("type_not_found"), Conflict("type_is_group" or "type_inactive").
    """
    if type_id is None:
        return None
    if not sees_type(session, type_id):
        raise NotFound("type_not_found", "Tipo de atendimento não encontrado.")
    return Tree(session.types.all()).to_open(type_id)


def type_for_event(session: AttendanceSession, type_id: str | None) -> Type | None:
    """The type of an attendance opened by an event, unchecked: an inactive type must not make the event fail."""
    tree = Tree(session.types.all() if type_id else [])
    return tree.effective(tree.get(type_id)) if type_id else None


def type_of(session: AttendanceSession, attendance: Attendance) -> Type | None:
    """The attendance's type with inherited values; None where it has none."""
    if attendance.type_id is None:
        return None
    tree = Tree(session.types.all())
    return tree.effective(tree.get(attendance.type_id))


def centers_of(session: AttendanceSession) -> dict[str, Center]:
    """All centers of the company, by id."""
    return {center.id: center for center in session.centers.all()}


def graph_of(session: AttendanceSession, attendance: Attendance) -> Graph | None:
    """The graph of the workflow version that the attendance started with; None without a workflow."""
    if attendance.workflow_id is None:
        return None
    return session.versions.get(attendance.workflow_id, attendance.workflow_version).graph


def cycle_of(session: AttendanceSession, attendance: Attendance) -> Cycle | None:
    return session.cycles.find(attendance.cycle_id) if attendance.cycle_id else None


def require_version(record: Any, seen: int | None) -> None:
    """Raises Conflict("version_changed") if the record's version is no longer `seen` (None: no check)."""
    if seen is not None and seen != record.version:
        raise Conflict(
            "version_changed", "O registro foi alterado por outra pessoa; carregue-o novamente.", version=record.version
        )


def conversation_of(tx: AttendanceSession, attendance_id: str, person_id: str) -> Attendance | None:
    """The attendance that another service's event is about.

    None if there is none and there will be none: it is deleted for good, or its person is erased.
    Raises NotFound("attendance_not_found") while it may still be opened.
    """
    attendance = tx.attendances.find(attendance_id)
    if attendance is None and not (tx.persons.erased(person_id) or tx.attendances.is_purged(attendance_id)):
        raise NotFound("attendance_not_found", "Atendimento não encontrado.")
    return attendance
