"""The next step of an attendance: describing it, and taking it (row A8)."""

from __future__ import annotations

from typing import Any

from services.attendance import events
from services.attendance.attendances.model.attendance import CLOSED, MOVE, Attendance
from services.attendance.centers.model import Center
from services.attendance.cycles.model import Question
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import centers_of, cycle_of, graph_of
from services.attendance.timeline.writing import announce, close, explain
from services.attendance.types.model.types import Type
from services.attendance.workflow.model.graph import Graph, Place
from services.chassis.errors import Conflict
from services.chassis.storage.rows import Document


def text_values(
    session: AttendanceSession, attendance: Attendance, person: Document, kind: Type | None
) -> dict[str, str]:
    """The values for types.model.texts.VARIABLES; date and time in the company's time zone."""
    center = session.centers.find(attendance.center_id) if attendance.center_id else None
    now = session.now.astimezone(session.zone.get())
    return {
        "pessoa": person["name"],
        "contato": attendance.contact or "",
        "assunto": attendance.title,
        "referencia": str(attendance.reference),
        "tipo": kind.name if kind else "",
        "centro": center.name if center else "",
        "usuario": session.actor.name,
        "data": now.strftime("%d/%m/%Y"),
        "hora": now.strftime("%H:%M"),
    }


def next_of(session: AttendanceSession, attendance: Attendance) -> dict[str, Any]:
    """The fields of `contract.Next`."""
    step: dict[str, Any] = {"kind": "none", "position": attendance.position, "decision": None, "centers": []}
    step["missing"] = missing_of(session, attendance)
    graph = graph_of(session, attendance)
    if attendance.status == CLOSED:
        return {**step, "kind": "end", "missing": []}
    if graph is None:
        return step
    offer = graph.offer(attendance.place, centers_of(session))
    if offer.decision is None:
        return {**step, "kind": "centers", "centers": offer.centers}
    decision = {"item_id": offer.decision.id, "question": offer.decision.question, "answers": offer.decision.answers}
    return {**step, "kind": "decision", "decision": decision}


def take(tx: AttendanceSession, attendance: Attendance, step: dict[str, Any], has_text: bool = False) -> None:
    """Takes one step (`contract.Step`): an answer or a center; a center that ends the process closes the attendance.

    `has_text`: an entry with a text is recorded in the same command. Raises Conflict("attendance_moved" if another
    step was taken meanwhile, "attendance_closed", "attendance_trashed", "workflow_none", "decision_pending",
    "decision_not_offered", "center_not_offered", "cycle_unanswered", "user_inactive"), NotFound("answer_not_found",
    "user_not_found"), Invalid("entry_text_required", "next_user_required").
    """
    attendance.require_position(step["position"])
    if step["next_user_id"]:
        tx.users.require(step["next_user_id"])
    graph = graph_of(tx, attendance)
    if graph is None:
        raise Conflict("workflow_none", "O atendimento não segue um workflow.")
    centers, before = centers_of(tx), attendance.place
    place, decided = _reach(graph, before, step, centers)
    if place.center_id != before.center_id:
        _require_cycle(tx, attendance)
    center = centers.get(place.center_id or "")
    attendance.move(place, center, tx.actor.id, has_text or bool(step.get("text")), step["next_user_id"])
    _record_step(tx, attendance, centers, before, decided)
    if center is not None and center.ends_the_process and place.center_id != before.center_id:
        close(tx, attendance, f"Encerrado: o centro {center.name} encerra o processo.")


def missing_of(session: AttendanceSession, attendance: Attendance) -> list[Question]:
    """The required questions of the current center without an answer; none without a cycle."""
    cycle = cycle_of(session, attendance)
    if cycle is None:
        return []
    return cycle.missing(attendance.center_id, session.answers.of_attendance(attendance.id))


def _reach(
    graph: Graph, before: Place, step: dict[str, Any], centers: dict[str, Center]
) -> tuple[Place, dict[str, str]]:
    """The place that the step leads to, and the question and answer of a decision (empty for a chosen center)."""
    if not step["answer"]:
        return graph.choose(before, step["center_id"], centers), {}
    decision = graph.offer(before, centers).decision
    place, chosen = graph.answer(before, step["answer"], centers)
    return place, {"question": decision.question if decision else "", "answer": chosen.text, "answer_id": chosen.id}


def _require_cycle(tx: AttendanceSession, attendance: Attendance) -> None:
    missing = missing_of(tx, attendance)
    if missing:
        texts = "; ".join(question.text for question in missing)
        raise Conflict(
            "cycle_unanswered",
            f"Responda às perguntas obrigatórias do ciclo antes de sair do centro: {texts}",
            questions=[question.id for question in missing],
        )


def _record_step(
    tx: AttendanceSession,
    attendance: Attendance,
    centers: dict[str, Center],
    before: Place,
    decided: dict[str, str],
) -> None:
    """Adds the step's entry, with the default text of the entered center, and publishes attendance_moved."""
    left, entered = centers.get(before.center_id or ""), centers.get(attendance.center_id or "")
    parts = [f"{decided['question']} {decided['answer']}."] if decided else []
    if entered is not None and before.center_id != attendance.center_id:
        start = f"Encaminhado de {left.name} para" if left else "Encaminhado para"
        parts += [f"{start} {entered.name}.", entered.default_text]
    facts = {
        "from_item": before.item_id,
        "from_center": before.center_id,
        "item": attendance.item_id,
        "center": attendance.center_id,
        "next_user_id": attendance.next_user_id,
        "position": attendance.position,
        **decided,
    }
    explain(tx, attendance, MOVE, "\n".join(part for part in parts if part), data=facts)
    announce(
        tx,
        attendance,
        events.ATTENDANCE_MOVED,
        type_id=attendance.type_id,
        from_center_id=before.center_id,
        center_id=attendance.center_id,
        center_name=entered.name if entered else None,
        next_user_id=attendance.next_user_id,
        position=attendance.position,
    )
