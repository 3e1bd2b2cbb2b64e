"""Scheduling: appointments of a person."""

from __future__ import annotations

from services.chassis.runtime import Runtime, Service
from services.scheduling import contract, store
from services.scheduling.store import SchedulingSession
from services.scheduling.use_cases import appointments, heard


class Scheduling(Service):
    name = contract.SERVICE
    session = SchedulingSession
    indexes = store.INDEXES
    runtime = Runtime()

    # appointments (row C1)
    book_appointment = appointments.book_appointment
    list_appointments = appointments.list_appointments

    # what other services announce
    on_people_person_registered = heard.on_people_person_registered
    on_people_person_changed = heard.on_people_person_changed
