"""Service cycles as they appear in responses."""

from __future__ import annotations

from typing import Any

from services.attendance.attendances.model.attendance import Attendance
from services.attendance.cycles.model import Cycle, CycleAnswer
from services.attendance.entries.stepping import missing_of
from services.attendance.session import AttendanceSession


def present_cycle(session: AttendanceSession, attendance: Attendance, cycle: Cycle | None) -> dict[str, Any]:
    """The fields of `contract.CycleOfAttendance`; without a cycle its lists are empty."""
    if cycle is None:
        return {"cycle_id": None, "centers": [], "missing": []}
    answers = session.answers.of_attendance(attendance.id)
    names = {center.id: center.name for center in session.centers.all()}
    parts = [
        {
            "center_id": part.center_id,
            "center_name": names.get(part.center_id, part.center_id),
            "current": part.center_id == attendance.center_id,
            "questions": [
                {**vars(question), **_present_answer(answers.get(question.id))} for question in part.questions
            ],
        }
        for part in cycle.asked(attendance.visited)
    ]
    missing = [question.id for question in missing_of(session, attendance)]
    return {"cycle_id": cycle.id, "centers": parts, "missing": missing}


def _present_answer(answer: CycleAnswer | None) -> dict[str, Any]:
    return {
        "value": answer.value if answer else None,
        "answered_by": answer.author if answer else None,
        "answered_by_name": answer.author_name if answer else None,
        "answered_at": answer.answered_at if answer else None,
    }


def present_set_up_cycle(cycle: Cycle) -> dict[str, Any]:
    """The fields of `contract.Cycle`."""
    return {"id": cycle.id, "name": cycle.name, "centers": cycle.as_parts(), "version": cycle.version}
