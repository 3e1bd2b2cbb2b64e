"""Scheduling: appointments of a person."""

from __future__ import annotations

from typing import ClassVar

from services.chassis import erasure
from services.chassis.runtime import Runtime, Service
from services.scheduling import contract, store
from services.scheduling.store import SchedulingSession
from services.scheduling.use_cases import appointments, heard, person_rights


class Scheduling(Service):
    name = contract.SERVICE
    session = SchedulingSession
    indexes = store.INDEXES
    holdings = store.HOLDINGS
    seeables = store.SEEABLES
    works: ClassVar = {"erasures": erasure.worker(contract.PERSON_DATA_ERASED)}
    runtime = Runtime()

    # appointments (row C1)
    book_appointment = appointments.book_appointment
    list_appointments = appointments.list_appointments
    list_opportunity_appointments = appointments.list_opportunity_appointments

    # what other services announce
    on_people_person_registered = heard.on_people_person_registered
    on_people_person_changed = heard.on_people_person_changed
    on_sales_opportunity_created = heard.on_sales_opportunity_created
    on_sales_opportunity_deleted = heard.on_sales_opportunity_deleted
    on_attendance_attendance_opened = heard.on_attendance_attendance_opened
    on_attendance_attendance_filed = heard.on_attendance_attendance_filed
    on_attendance_flow_changed = heard.on_attendance_flow_changed

    # merging, and the rights of persons over their data: row P7
    on_people_person_merged = person_rights.on_people_person_merged
    on_people_person_unmerged = person_rights.on_people_person_unmerged
    on_people_person_erasure_requested = person_rights.on_people_person_erasure_requested
    get_person_data = person_rights.get_person_data
