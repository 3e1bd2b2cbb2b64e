"""Scheduling: appointments of a person."""

from __future__ import annotations

from typing import Any

from services.chassis.entrypoints import command, query, subscribe
from services.chassis.runtime import Runtime, Service
from services.chassis.subscriptions import Heard
from services.scheduling import contract, store
from services.scheduling.domain import Appointment
from services.scheduling.store import SchedulingSession


class Scheduling(Service):
    name = contract.SERVICE
    session = SchedulingSession
    indexes = store.INDEXES
    runtime = Runtime()

    @command(takes=contract.BookAppointment, gives=contract.Appointment, needs="scheduling.write")
    def book_appointment(self, tx: SchedulingSession, data: dict[str, Any]) -> Appointment:
        """Row C1; raises NotFound("person_not_found"), Invalid("appointment_period_invalid")."""
        appointment = Appointment.book(id=tx.new_id(), now=tx.now, **data)
        tx.persons.get(appointment.person_id)
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
    def list_appointments(self, session: SchedulingSession, data: dict[str, Any]) -> dict[str, Any]:
        return session.appointments.of_person(**data)

    @subscribe("people", "person_registered", takes=contract.PersonSeen, once=False)
    def on_people_person_registered(self, tx: SchedulingSession, event: Heard) -> None:
        tx.persons.put(event.aggregate, event.sequence, name=event.data["name"])

    @subscribe("people", "person_changed", takes=contract.PersonSeen, once=False)
    def on_people_person_changed(self, tx: SchedulingSession, event: Heard) -> None:
        tx.persons.put(event.aggregate, event.sequence, name=event.data["name"])
