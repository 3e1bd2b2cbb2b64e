"""Archiving, trashing, restoring and purging attendances, and moving them to another flow (row A14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.attendance import events
from services.attendance.attachments import lifecycle
from services.attendance.attendances.model.attendance import Attendance
from services.attendance.filing import contract
from services.attendance.filing.model import Share, Step, archive, move, require_trashed, restore, trash, unarchive
from services.attendance.filing.settling import settle
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import attendance_of
from services.chassis.errors import Forbidden
from services.chassis.handling.entrypoints import command

Data = dict[str, Any]

WRITE = "attendance.write"
MAY_PURGE = ("attendance.supervise", "attendance.configure")


@command(takes=contract.FileAttendance, gives=shared_contract.Attendance, needs=WRITE, section="attendances")
def archive_attendance(tx: AttendanceSession, data: Data) -> Attendance:
    """Row A14; raises Conflict("attendance_archived" or "attendance_trashed")."""
    return _file(tx, data["attendance_id"], archive)


@command(takes=contract.FileAttendance, gives=shared_contract.Attendance, needs=WRITE, section="attendances")
def unarchive_attendance(tx: AttendanceSession, data: Data) -> Attendance:
    """Row A14; raises Conflict("attendance_not_archived")."""
    return _file(tx, data["attendance_id"], unarchive)


@command(takes=contract.FileAttendance, gives=shared_contract.Attendance, needs=WRITE, section="attendances")
def trash_attendance(tx: AttendanceSession, data: Data) -> Attendance:
    """Row A14; raises Conflict("attendance_trashed")."""
    return _file(tx, data["attendance_id"], trash)


@command(takes=contract.FileAttendance, gives=shared_contract.Attendance, needs=WRITE, section="attendances")
def restore_attendance(tx: AttendanceSession, data: Data) -> Attendance:
    """Row A14; raises Conflict("attendance_not_trashed")."""
    return _file(tx, data["attendance_id"], restore)


@command(takes=contract.FileAttendance, gives=contract.Purged, needs=WRITE, section="attendances")
def purge_attendance(tx: AttendanceSession, data: Data) -> Data:
    """Row A14: deletes a trashed attendance for good, with its entries, attachments, answers and drafts.

    Raises Forbidden("permission_missing") or Conflict("attendance_not_trashed").
    """
    if not any(tx.actor.holds(permission) for permission in MAY_PURGE):
        raise Forbidden("permission_missing", "Somente um supervisor exclui atendimentos definitivamente.")
    attendance = attendance_of(tx, data["attendance_id"])
    require_trashed(attendance)
    tx.flow_totals.shift(Share.of(attendance), None)
    entries = tx.entries.delete_all(attendance.id)
    lifecycle.purge(tx, attendance.id)
    tx.answers.delete(attendance.id)
    tx.drafts.delete_all(attendance.id)
    tx.attendances.delete(attendance)
    purged = {"attendance_id": attendance.id, "person_id": attendance.person_id}
    tx.publish(events.ATTENDANCE_PURGED, attendance.id, attendance.version + 1, **purged)
    return {"id": attendance.id, "entries": entries}


@command(takes=contract.MoveToFlow, gives=shared_contract.Attendance, needs=WRITE, section="attendances")
def move_to_flow(tx: AttendanceSession, data: Data) -> Attendance:
    """Row A14: moves the attendance to another flow, its tags by name.

    Raises NotFound("flow_not_found"), Conflict("flow_inactive", "flow_unchanged", "attendance_trashed",
    "tag_limit_reached").
    """
    attendance = attendance_of(tx, data["attendance_id"])
    target = tx.flow_of_the_user(data["flow_id"])
    source = tx.flows.get(attendance.flow_id) if attendance.flow_id else None
    before, tag_count = Share.of(attendance), len(target.board.tags)
    attendance.contact_name = (
        attendance.contact_name or attendance.contact or tx.persons.get(attendance.person_id)["name"]
    )
    step = move(attendance, source, target, tx.new_id)
    if len(target.board.tags) > tag_count:
        tx.flows.save(target)
    settle(tx, attendance, step, before)
    return attendance


def _file(tx: AttendanceSession, attendance_id: str, step: Callable[[Attendance], Step]) -> Attendance:
    attendance = attendance_of(tx, attendance_id)
    before = Share.of(attendance)
    settle(tx, attendance, step(attendance), before)
    return attendance
