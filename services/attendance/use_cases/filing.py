"""The list of a flow, and filing attendances: archive, trash, purge, move (rows A13, A14)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from services.attendance import contract, domain
from services.attendance.domain import filing
from services.attendance.domain.filing import Share, Step
from services.attendance.domain.flow import Flow
from services.attendance.store import AttendanceSession
from services.attendance.store.flow_lists import View
from services.attendance.use_cases import attachments
from services.attendance.use_cases.looking import attendance_of, sees_type, who_sees
from services.chassis.entrypoints import command, query
from services.chassis.errors import Forbidden, NotFound

Data = dict[str, Any]
WRITE = "attendance.write"
MAY_PURGE = ("attendance.supervise", "attendance.configure")


@query(takes=contract.ListFlowAttendances, gives=contract.FlowPage, needs="attendance.read", section="attendances")
def list_flow_attendances(session: AttendanceSession, data: Data) -> Data:
    """Row A13; raises NotFound("flow_not_found" or "tag_not_found"), Invalid("search_too_broad")."""
    limit, cursor = data.pop("limit"), data.pop("cursor")
    flow, view = _view(session, data)
    found = session.flow_lists.page(view, limit, cursor)
    return {**found, "items": [_row(session, flow, one) for one in found["items"] if sees_type(session, one.type_id)]}


@query(takes=contract.GetNeighbours, gives=contract.Neighbours, needs="attendance.read", section="attendances")
def get_neighbours(session: AttendanceSession, data: Data) -> Data:
    """Row A14: the attendances before and after one, in the order of the list it was opened from."""
    attendance = attendance_of(session, data.pop("attendance_id"))
    flow, view = _view(session, data)
    if attendance.flow_id != flow.id:
        raise NotFound("attendance_not_in_flow", "O atendimento não está neste fluxo.")
    previous, following = session.flow_lists.neighbours(view, attendance)
    return {"previous": previous, "next": following}


@command(takes=contract.FileAttendance, gives=contract.Attendance, needs=WRITE, section="attendances")
def archive_attendance(tx: AttendanceSession, data: Data) -> domain.Attendance:
    """Row A14; raises Conflict("attendance_archived" or "attendance_trashed")."""
    return _file(tx, data["attendance_id"], filing.archive)


@command(takes=contract.FileAttendance, gives=contract.Attendance, needs=WRITE, section="attendances")
def unarchive_attendance(tx: AttendanceSession, data: Data) -> domain.Attendance:
    """Row A14; raises Conflict("attendance_not_archived")."""
    return _file(tx, data["attendance_id"], filing.unarchive)


@command(takes=contract.FileAttendance, gives=contract.Attendance, needs=WRITE, section="attendances")
def trash_attendance(tx: AttendanceSession, data: Data) -> domain.Attendance:
    """Row A14; raises Conflict("attendance_trashed")."""
    return _file(tx, data["attendance_id"], filing.trash)


@command(takes=contract.FileAttendance, gives=contract.Attendance, needs=WRITE, section="attendances")
def restore_attendance(tx: AttendanceSession, data: Data) -> domain.Attendance:
    """Row A14; raises Conflict("attendance_not_trashed")."""
    return _file(tx, data["attendance_id"], filing.restore)


@command(takes=contract.FileAttendance, gives=contract.Purged, needs=WRITE, section="attendances")
def purge_attendance(tx: AttendanceSession, data: Data) -> Data:
    """Row A14, final: the attendance and all that belongs to it, out of the trash only.

    Raises Forbidden("permission_missing") or Conflict("attendance_not_trashed").
    """
    if not any(tx.actor.holds(permission) for permission in MAY_PURGE):
        raise Forbidden("permission_missing", "Somente um supervisor exclui atendimentos definitivamente.")
    attendance = attendance_of(tx, data["attendance_id"])
    filing.require_trashed(attendance)
    tx.flow_totals.shift(Share.of(attendance), None)
    entries = tx.entries.delete_all(attendance.id)
    attachments.purge(tx, attendance.id)
    tx.answers.delete(attendance.id)
    tx.drafts.delete_all(attendance.id)
    tx.attendances.delete(attendance)
    purged = {"attendance_id": attendance.id, "person_id": attendance.person_id}
    tx.publish(contract.ATTENDANCE_PURGED, attendance.id, attendance.version + 1, **purged)
    return {"id": attendance.id, "entries": entries}


@command(takes=contract.MoveToFlow, gives=contract.Attendance, needs=WRITE, section="attendances")
def move_to_flow(tx: AttendanceSession, data: Data) -> domain.Attendance:
    """Row A14: tags travel by name; raises Conflict("flow_inactive", "flow_unchanged", "attendance_trashed")."""
    attendance = attendance_of(tx, data["attendance_id"])
    target = tx.flow_of_the_user(data["flow_id"])
    source = tx.flows.get(attendance.flow_id) if attendance.flow_id else None
    before, tags = Share.of(attendance), len(target.board.tags)
    attendance.contact_name = (
        attendance.contact_name or attendance.contact or tx.persons.get(attendance.person_id)["name"]
    )
    step = filing.move(attendance, source, target, tx.new_id)
    if len(target.board.tags) > tags:
        tx.flows.save(target)
    settle(tx, attendance, step, before)
    return attendance


def settle(tx: AttendanceSession, attendance: domain.Attendance, step: Step, before: Share | None = None) -> None:
    """Writes what a step did: its entry, the totals where the share was `before`, the attendance, the event."""
    entry = attendance.append(
        tx.new_id(),
        step.text,
        tx.actor.id,
        tx.actor.name,
        tx.now,
        filing.FILING,
        data={"change": step.change, **step.data},
    )
    if step.change != "tagged":
        tx.flow_totals.shift(before, Share.of(attendance))
    tx.entries.add(entry)
    tx.attendances.save(attendance)
    tx.publish(
        contract.ATTENDANCE_FILED,
        attendance.id,
        attendance.version,
        attendance_id=attendance.id,
        person_id=attendance.person_id,
        change=step.change,
        filed=attendance.filed,
        flow_id=attendance.flow_id,
        tag_ids=attendance.tags,
        **who_sees(tx, attendance),
    )


def _file(tx: AttendanceSession, attendance_id: str, step: Callable[[domain.Attendance], Step]) -> domain.Attendance:
    attendance = attendance_of(tx, attendance_id)
    before = Share.of(attendance)
    settle(tx, attendance, step(attendance), before)
    return attendance


def _view(session: AttendanceSession, data: Data) -> tuple[Flow, View]:
    """The flow that is looked at, and how; a tag must be there, and TODOS shows all."""
    flow = session.flow_of_the_user(data["flow_id"])
    tag_id = data["tag_id"] and flow.board.get(data["tag_id"]).id
    return flow, View(**{**data, "tag_id": None if tag_id == domain.TODOS else tag_id})


def _row(session: AttendanceSession, flow: Flow, attendance: domain.Attendance) -> Data:
    zone = session.zone.get()
    tags = [{**asdict(tag), "fixed": False} for tag in flow.board.living(attendance.tags)]
    return {
        **vars(attendance),
        "value": attendance.value,
        "currency": attendance.currency,
        "quotes_in_approval": attendance.quotes_in_approval,
        "tags": tags,
        "updated_at": attendance.updated_at.astimezone(zone),
        "created_at": attendance.opened_at.astimezone(zone),
    }
