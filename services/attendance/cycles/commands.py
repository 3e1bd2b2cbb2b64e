"""Service cycles: configuring them (row A3), and answering them in an attendance (row A12)."""

from __future__ import annotations

from typing import Any

from services.attendance.attendances.model.attendance import CYCLE, Attendance
from services.attendance.cycles import contract
from services.attendance.cycles.model import Cycle, CycleAnswer, Question, answer_text
from services.attendance.cycles.presenting import present_cycle, present_set_up_cycle
from services.attendance.session import AttendanceSession
from services.attendance.setup.references import check_cycle
from services.attendance.shared import contract as shared_contract
from services.attendance.shared.loading import attendance_of, centers_of, cycle_of, require_version
from services.attendance.timeline.writing import announce_change, explain
from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command


@command(takes=contract.AnswerCycle, gives=contract.CycleOfAttendance, needs="attendance.write", section="attendances")
def answer_cycle(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row A12: saves the changed answers with author and time, and records them in one entry.

    Raises Conflict("attendance_closed", "cycle_none", "question_not_reached", "person_erased"),
    NotFound("question_not_found"), Invalid("answer_invalid").
    """
    attendance = attendance_of(tx, data["attendance_id"])
    attendance.require_open()
    tx.persons.refuse_erased(attendance.person_id)
    cycle = cycle_of(tx, attendance)
    if cycle is None:
        raise Conflict("cycle_none", "O atendimento não tem ciclo de atendimento.")
    answers = tx.answers.of_attendance(attendance.id)
    given = cycle.answer(attendance.visited, data["answers"])
    changed = [(question, value) for question, value in given if _stored_value(answers, question) != value]
    if changed:
        _save(tx, attendance, answers, changed)
    return present_cycle(tx, attendance, cycle)


def _stored_value(answers: dict[str, CycleAnswer], question: Question) -> Any:
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
    text = "\n".join(f"{question.text} {answer_text(value)}" for question, value in changed)
    explain(tx, attendance, CYCLE, text, data={question.id: value for question, value in changed})
    announce_change(tx, attendance, "cycle")


@command(takes=contract.CreateCycle, gives=contract.Cycle, needs="attendance.configure", section=CONFIGURATION)
def create_cycle(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Raises Conflict("cycle_exists") or Invalid("cycle_invalid")."""
    tx.serialise_configuration()
    cycle = Cycle(data["id"], data["name"], Cycle.parts(data["centers"]))
    check_cycle(cycle, centers_of(tx))
    tx.cycles.add(cycle)
    return present_set_up_cycle(cycle)


@command(takes=contract.ChangeCycle, gives=contract.Cycle, needs="attendance.configure", section=CONFIGURATION)
def change_cycle(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Applies to running attendances at once; answers given before keep the text of their question.

    Raises NotFound("cycle_not_found"), Conflict("version_changed") or Invalid("cycle_invalid").
    """
    tx.serialise_configuration()
    cycle = tx.cycles.get(data["id"])
    require_version(cycle, data["version"])
    cycle.name, cycle.centers = data["name"], Cycle.parts(data["centers"])
    check_cycle(cycle, centers_of(tx))
    tx.cycles.save(cycle)
    return present_set_up_cycle(cycle)


@command(
    takes=shared_contract.Keyed, gives=shared_contract.Deleted, needs="attendance.configure", section=CONFIGURATION
)
def delete_cycle(tx: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """Raises NotFound("cycle_not_found") or Conflict("cycle_in_use")."""
    tx.serialise_configuration()
    cycle = tx.cycles.get(data["id"])
    if tx.references.types_use_cycle(cycle.id) or tx.attendances.any_of_cycle(cycle.id):
        raise Conflict("cycle_in_use", f"O ciclo {cycle.name} é usado por um tipo ou por atendimentos.")
    tx.cycles.delete(cycle.id)
    return {"id": cycle.id, "deleted": True}
