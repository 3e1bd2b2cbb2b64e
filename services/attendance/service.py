"""Attendance: conversations with a person and their entries. What it can do, by name."""

from __future__ import annotations

from typing import ClassVar

from services.attendance import contract, store
from services.attendance.store import AttendanceSession
from services.attendance.use_cases import attendances, heard, person_rights
from services.chassis import erasure
from services.chassis.runtime import Runtime, Service


class Attendance(Service):
    name = contract.SERVICE
    session = AttendanceSession
    indexes = store.INDEXES
    holdings = store.HOLDINGS
    works: ClassVar = {"erasures": erasure.worker(contract.PERSON_DATA_ERASED)}
    runtime = Runtime()

    # attendances and entries: rows A7, A8, A16
    open_attendance = attendances.open_attendance
    record_entry = attendances.record_entry
    close_attendance = attendances.close_attendance
    get_attendance = attendances.get_attendance
    list_attendances = attendances.list_attendances
    list_entries = attendances.list_entries

    # other services
    on_people_person_registered = heard.on_people_person_registered
    on_people_person_changed = heard.on_people_person_changed
    on_people_company_changed = heard.on_people_company_changed
    on_sales_opportunity_created = heard.on_sales_opportunity_created

    # merging, and the rights of persons over their data: row P7
    on_people_person_merged = person_rights.on_people_person_merged
    on_people_person_unmerged = person_rights.on_people_person_unmerged
    on_people_person_erasure_requested = person_rights.on_people_person_erasure_requested
    get_person_data = person_rights.get_person_data
