"""Saving a change of an attendance's filing: its entry, its flow's totals and its event."""

from __future__ import annotations

from services.attendance import events
from services.attendance.attendances.model.attendance import Attendance
from services.attendance.filing.model import FILING, Share, Step
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import who_sees


def settle(tx: AttendanceSession, attendance: Attendance, step: Step, before: Share | None = None) -> None:
    """Saves the attendance after `step`, adds the entry and publishes attendance_filed.

    `before`: the attendance's share before the step, which its new share replaces in the totals. Tagging changes none.
    """
    entry = attendance.append(
        tx.new_id(),
        step.text,
        tx.actor.id,
        tx.actor.name,
        tx.now,
        FILING,
        data={"change": step.change, **step.data},
    )
    if step.change != "tagged":
        tx.flow_totals.shift(before, Share.of(attendance))
    tx.entries.add(entry)
    tx.attendances.save(attendance)
    tx.publish(
        events.ATTENDANCE_FILED,
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
