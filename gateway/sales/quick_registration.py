"""Creates an opportunity with its customer, its cycle's answers and its appointment (rows S1, S3): several commands
under one idempotency key.

A crash between them leaves the commands that were done. When the request is repeated with the same Idempotency-Key,
those answer again, and the others are done. A part that attendance or scheduling refuses is listed in the answer
(`refused`): the opportunity exists all the same, and the part may be sent again by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gateway.http.requests import send_command
from gateway.sales.conversations import when_opened
from services.attendance.cycles.contract import AnswerCycle
from services.chassis.errors import Failure, Invalid, NotFound, Unavailable
from services.people.persons.contract import RegisterPerson
from services.sales.opportunities.contract import CreateOpportunity
from services.scheduling.contract import BookAppointment

# Each time sales waits a moment for its copy of the new person.
TRIES = 3


def create(data: dict[str, Any]) -> dict[str, Any]:
    """The new opportunity; raises Invalid("person_missing"), Unavailable("person_not_arrived") and both commands'
    refusals."""
    person_id, person = data.pop("person_id"), data.pop("person")
    if (person_id is None) == (person is None):
        detail = "Informe a pessoa (person_id) ou os dados para registrá-la (person)."
        raise Invalid("person_missing", detail, fields={"person": [detail]})
    if person is None:
        return create_for_person(person_id, data)
    registered = send_command("people", "register_person", RegisterPerson, person)
    return {**_create_when_replicated(registered["id"], data), "warnings": registered["warnings"]}


def create_for_person(person_id: str, data: dict[str, Any]) -> dict[str, Any]:
    """The new opportunity of a registered person, once its conversation can be read, with its parts."""
    answers, appointment = data.pop("answers", None), data.pop("appointment", None)
    made = send_command("sales", "create_opportunity", CreateOpportunity, data, person_id=person_id)
    opportunity = {**when_opened(made), "warnings": [], "appointment": None, "refused": []}
    if answers:
        _try_part(opportunity, "answers", lambda: _answer(opportunity, answers))
    if appointment:
        opportunity["appointment"] = _try_part(opportunity, "appointment", lambda: _book(opportunity, appointment))
    return opportunity


def _answer(opportunity: dict[str, Any], answers: dict[str, Any]) -> Any:
    path = {"attendance_id": opportunity["attendance_id"]}
    return send_command("attendance", "answer_cycle", AnswerCycle, {"answers": answers}, **path)


def _book(opportunity: dict[str, Any], appointment: dict[str, Any]) -> Any:
    path = {"person_id": opportunity["person"]["id"], "opportunity_id": opportunity["id"]}
    return send_command("scheduling", "book_appointment", BookAppointment, appointment, **path)


def _try_part(opportunity: dict[str, Any], part: str, command: Callable[[], Any]) -> dict[str, Any] | None:
    """The command's answer; None where it failed, and then the part is added to the opportunity's `refused`."""
    try:
        return {**command()}
    except Failure as failure:
        opportunity["refused"].append({"part": part, "code": failure.code, "detail": failure.detail})
        return None


def _create_when_replicated(person_id: str, data: dict[str, Any]) -> dict[str, Any]:
    for _ in range(TRIES):
        try:
            return create_for_person(person_id, {**data})
        except NotFound as refusal:
            if refusal.code != "person_not_found":
                raise
    detail = "A pessoa foi registrada, mas o contato de venda ainda não; envie de novo com a mesma Idempotency-Key."
    raise Unavailable("person_not_arrived", detail, person_id=person_id)
