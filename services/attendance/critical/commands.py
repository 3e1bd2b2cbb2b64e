"""Forwarding a critical factor to the center that must act (row A18)."""

from __future__ import annotations

from typing import Any

from services.attendance.attendances.model.attendance import Attendance
from services.attendance.critical import contract
from services.attendance.critical.loading import rules_of
from services.attendance.session import AttendanceSession
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import attendance_of, centers_of
from services.attendance.timeline.writing import record
from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command

Data = dict[str, Any]

FORWARD = "forward"


@command(
    takes=contract.ForwardCritical, gives=shared_contract.Attendance, needs="attendance.write", section="attendances"
)
def forward_critical_factor(tx: AttendanceSession, data: Data) -> Attendance:
    """Row A18: records an entry for the attendance's center with the reason; the entry's e-mails tell its watchers.

    Raises Conflict("attendance_not_critical", "center_missing", "attendance_closed" or "attendance_trashed").
    """
    attendance = attendance_of(tx, data["attendance_id"])
    attendance.require_open()
    factor = rules_of(tx).judge(attendance.due_at, attendance.type_id, tx.now, attendance.contact_date)
    if factor is None:
        raise Conflict("attendance_not_critical", "O atendimento não é um fator crítico.")
    center = centers_of(tx).get(attendance.center_id or "")
    if center is None:
        raise Conflict("center_missing", "O atendimento não está em um centro de responsabilidade.")
    text = "\n".join(filter(None, (f"Fator crítico encaminhado a {center.name}. {factor.reason}", data["note"])))
    forwarded = {"center_id": center.id, "kind": factor.kind, "days": factor.days}
    record(tx, attendance, tx.persons.get(attendance.person_id), text, data={FORWARD: forwarded})
    return attendance
