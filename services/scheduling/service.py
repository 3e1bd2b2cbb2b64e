"""Scheduling: appointments of a person."""

from __future__ import annotations

from typing import ClassVar

from services.chassis.personal_data import erasure
from services.chassis.process.runtime import Runtime
from services.chassis.process.service import Service
from services.scheduling import commands as scheduling_commands
from services.scheduling import events, personal_data, visibility
from services.scheduling import queries as scheduling_queries
from services.scheduling import session as scheduling_session
from services.scheduling import subscribers as scheduling_subscribers
from services.scheduling.session import SchedulingSession


class Scheduling(Service):
    name = events.SERVICE
    session = SchedulingSession
    indexes = scheduling_session.INDEXES
    inventory = personal_data.INVENTORY
    visibility_rules = visibility.VISIBILITY_RULES
    jobs: ClassVar = {"erasures": erasure.worker(events.PERSON_DATA_ERASED)}
    runtime = Runtime()

    # appointments (row C1)
    book_appointment = scheduling_commands.book_appointment
    list_appointments = scheduling_queries.list_appointments
    list_company_appointments = scheduling_queries.list_company_appointments
    list_own_appointments = scheduling_queries.list_own_appointments
    list_opportunity_appointments = scheduling_queries.list_opportunity_appointments

    # events of other services
    on_people_person_registered = scheduling_subscribers.on_people_person_registered
    on_people_persons_imported = scheduling_subscribers.on_people_persons_imported
    on_people_person_changed = scheduling_subscribers.on_people_person_changed
    on_sales_opportunity_created = scheduling_subscribers.on_sales_opportunity_created
    on_sales_opportunity_deleted = scheduling_subscribers.on_sales_opportunity_deleted
    on_attendance_attendance_opened = scheduling_subscribers.on_attendance_attendance_opened
    on_attendance_attendance_filed = scheduling_subscribers.on_attendance_attendance_filed
    on_attendance_flow_changed = scheduling_subscribers.on_attendance_flow_changed

    # merging, and the rights of persons over their data: row P7
    on_people_person_merged = personal_data.on_people_person_merged
    on_people_person_unmerged = personal_data.on_people_person_unmerged
    on_people_person_erasure_requested = personal_data.on_people_person_erasure_requested
    get_person_data = personal_data.get_person_data
