"""Appointments (row C1)."""

from __future__ import annotations

from typing import Any

from services.chassis.entrypoints import command, query
from services.scheduling import contract
from services.scheduling.domain import Appointment
from services.scheduling.store import SchedulingSession


@command(takes=contract.BookAppointment, gives=contract.Appointment, needs="scheduling.write")
def book_appointment(tx: SchedulingSession, data: dict[str, Any]) -> Appointment:
    """Row C1; raises NotFound("person_not_found"), Invalid("appointment_period_invalid")."""
    appointment = Appointment.book(id=tx.new_id(), now=tx.now, **data)
    appointment.person_id = tx.persons.get(appointment.person_id)["_id"]
    tx.appointments.add(appointment)
    tx.publish(
        contract.APPOINTMENT_BOOKED,
        appointment.id,
        appointment.version,
        appointment_id=appointment.id,
        person_id=appointment.person_id,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
    )
    return appointment


@query(takes=contract.ListAppointments, gives=contract.AppointmentPage, needs="scheduling.read")
def list_appointments(session: SchedulingSession, data: dict[str, Any]) -> dict[str, Any]:
    return session.appointments.of_person(**data)
