"""Booking appointments (row C1)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Invalid, NotFound
from services.chassis.handling.entrypoints import command
from services.scheduling import contract, events
from services.scheduling.model import Appointment
from services.scheduling.session import SchedulingSession


@command(takes=contract.BookAppointment, gives=contract.Appointment, needs="scheduling.write", section="appointments")
def book_appointment(tx: SchedulingSession, data: dict[str, Any]) -> Appointment:
    """Row C1: books an appointment with a person, with `opportunity_id` linked to one of the person's opportunities.

    Raises NotFound("person_not_found", "opportunity_not_found"), Invalid("appointment_period_invalid",
    "opportunity_of_another_person").
    """
    appointment = Appointment.book(
        id=tx.new_id(), now=tx.now, booked_by_id=tx.actor.id, booked_by_name=tx.actor.name, **data
    )
    appointment.person_id = tx.persons.get(appointment.person_id)["_id"]
    if appointment.opportunity_id is not None:
        appointment.attendance_id = _conversation(tx, appointment.opportunity_id, appointment.person_id)
    tx.appointments.add(appointment)
    tx.publish(
        events.APPOINTMENT_BOOKED,
        appointment.id,
        appointment.version,
        appointment_id=appointment.id,
        person_id=appointment.person_id,
        opportunity_id=appointment.opportunity_id,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
    )
    return appointment


def _conversation(tx: SchedulingSession, opportunity_id: str, person_id: str) -> str | None:
    """The id of the opportunity's attendance, which decides who sees the appointment; None in an old replica.

    The opportunity must exist and belong to the person, or to one that was merged into them. Raises
    NotFound("opportunity_not_found"), Invalid("opportunity_of_another_person").
    """
    opportunity = tx.opportunities.get(opportunity_id)
    if opportunity["deleted"]:
        raise NotFound("opportunity_not_found", "Contato de venda não encontrado.")
    if tx.redirects.current(opportunity["person_id"]) != person_id:
        detail = "O contato de venda é de outra pessoa."
        raise Invalid("opportunity_of_another_person", detail, fields={"opportunity_id": [detail]})
    conversation: str | None = opportunity.get("attendance_id")
    return conversation
