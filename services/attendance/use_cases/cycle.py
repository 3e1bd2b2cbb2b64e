"""Answering the service cycle of an attendance (row A12)."""

from __future__ import annotations

from typing import Any

from services.attendance import contract, domain
from services.attendance.domain import Attendance, Cycle, CycleAnswer, Question
from services.attendance.domain.cycle import shown
from services.attendance.store import AttendanceSession
from services.attendance.use_cases.looking import attendance_of, cycle_of
from services.attendance.use_cases.moving import missing_of
from services.attendance.use_cases.telling import announce_change, explain
from services.chassis.entrypoints import command, query
from services.chassis.errors import Conflict


@command(takes=contract.AnswerCycle, gives=contract.CycleOfAttendance, needs="attendance.write", section="attendances")
def answer_cycle(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Saved with who and when, and told in one entry.

    Raises Conflict("attendance_closed", "cycle_none", "question_not_reached"), NotFound("question_not_found"),
    Invalid("answer_invalid").
    """
    attendance = attendance_of(tx, data["attendance_id"])
    attendance.require_open()
    cycle = cycle_of(tx, attendance)
    if cycle is None:
        raise Conflict("cycle_none", "O atendimento não tem ciclo de atendimento.")
    answers = tx.answers.of_attendance(attendance.id)
    read = cycle.answer(attendance.visited, data["answers"])
    changed = [(question, value) for question, value in read if _before(answers, question) != value]
    if changed:
        _save(tx, attendance, answers, changed)
    return _shown(tx, attendance, cycle)


@query(takes=contract.OfAttendance, gives=contract.CycleOfAttendance, needs="attendance.read", section="attendances")
def get_cycle(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """The questions of the current center and the earlier ones, with their answers."""
    attendance = attendance_of(session, data["attendance_id"])
    return _shown(session, attendance, cycle_of(session, attendance))


def _before(answers: dict[str, CycleAnswer], question: Question) -> Any:
    return answers[question.id].value if question.id in answers else None


def _save(
    tx: AttendanceSession,
    attendance: Attendance,
    answers: dict[str, CycleAnswer],
    changed: list[tuple[Question, Any]],
) -> None:
    for question, value in changed:
        answers.pop(question.id, None)
        if value is not None:
            answer = CycleAnswer(question.id, question.text, value, tx.actor.id, tx.actor.name, tx.now)
            answers[question.id] = answer
    tx.answers.put(attendance.id, answers)
    text = "\n".join(f"{question.text} {shown(value)}" for question, value in changed)
    explain(tx, attendance, domain.CYCLE, text, data={question.id: value for question, value in changed})
    announce_change(tx, attendance, "cycle")


def _shown(session: AttendanceSession, attendance: Attendance, cycle: Cycle | None) -> dict[str, Any]:
    if cycle is None:
        return {"cycle_id": None, "centers": [], "missing": []}
    answers = session.answers.of_attendance(attendance.id)
    names = {center.id: center.name for center in session.centers.all()}
    parts = [
        {
            "center_id": part.center_id,
            "center_name": names.get(part.center_id, part.center_id),
            "current": part.center_id == attendance.center_id,
            "questions": [{**vars(one), **_answered(answers.get(one.id))} for one in part.questions],
        }
        for part in cycle.asked(attendance.visited)
    ]
    return {"cycle_id": cycle.id, "centers": parts, "missing": [one.id for one in missing_of(session, attendance)]}


def _answered(answer: CycleAnswer | None) -> dict[str, Any]:
    return {
        "value": answer.value if answer else None,
        "answered_by": answer.author if answer else None,
        "answered_by_name": answer.author_name if answer else None,
        "answered_at": answer.answered_at if answer else None,
    }
