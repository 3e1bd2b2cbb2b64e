"""Notifications: who watches a person, and what was sent to them."""

from __future__ import annotations

from typing import ClassVar

from services.chassis import erasure
from services.chassis.runtime import Runtime, Service
from services.notifications import contract, store
from services.notifications.sender import make_sender
from services.notifications.store import TELLINGS, NotificationsSession
from services.notifications.teller import make_teller
from services.notifications.use_cases import heard, person_rights, watching


class Notifications(Service):
    name = contract.SERVICE
    session = NotificationsSession
    indexes = store.INDEXES
    retentions = store.RETENTIONS
    works: ClassVar = {
        "deliveries": make_sender,
        TELLINGS: make_teller,
        "erasures": erasure.worker(contract.PERSON_DATA_ERASED),
    }
    holdings = store.HOLDINGS
    seeables = store.SEEABLES
    runtime = Runtime()

    # watching persons, and the delivery log (rows N1, N7)
    watch_person = watching.watch_person
    unwatch_person = watching.unwatch_person
    list_watchers = watching.list_watchers
    list_deliveries = watching.list_deliveries

    # what other services announce
    on_attendance_entry_recorded = heard.on_attendance_entry_recorded
    on_sales_document_sent = heard.on_sales_document_sent
    on_people_person_registered = heard.on_people_person_registered
    on_people_person_changed = heard.on_people_person_changed

    # who may be told and shown what
    on_people_user_changed = heard.on_people_user_changed
    on_people_role_changed = heard.on_people_role_changed
    on_attendance_attendance_opened = heard.on_attendance_attendance_opened
    on_attendance_attendance_filed = heard.on_attendance_attendance_filed
    on_attendance_flow_changed = heard.on_attendance_flow_changed

    # merging, and the rights of persons over their data: row P7
    on_people_person_merged = person_rights.on_people_person_merged
    on_people_person_unmerged = person_rights.on_people_person_unmerged
    on_people_person_erasure_requested = person_rights.on_people_person_erasure_requested
    get_person_data = person_rights.get_person_data
