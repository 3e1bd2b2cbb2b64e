"""Notifications: who watches a person, and what was sent to them."""

from __future__ import annotations

from typing import ClassVar

from services.chassis.personal_data import erasure
from services.chassis.process.runtime import Runtime
from services.chassis.process.service import Service
from services.notifications import commands as notifications_commands
from services.notifications import events, personal_data
from services.notifications import queries as notifications_queries
from services.notifications import repository as notifications_repository
from services.notifications import subscribers as notifications_subscribers
from services.notifications.asking import Asking, make_asking
from services.notifications.jobs import make_sender, make_teller
from services.notifications.repository import TELLINGS
from services.notifications.session import NotificationsSession


class Notifications(Service):
    name = events.SERVICE
    session = NotificationsSession
    indexes = notifications_repository.INDEXES
    retentions = notifications_repository.RETENTIONS
    jobs: ClassVar = {
        "deliveries": make_sender,
        TELLINGS: make_teller,
        "erasures": erasure.worker(events.PERSON_DATA_ERASED),
    }
    inventory = personal_data.INVENTORY
    seeables = notifications_repository.SEEABLES
    runtime = Runtime()

    @classmethod
    def shared(cls, runtime: Runtime) -> Asking:
        return make_asking(runtime)

    # watching persons, and the delivery log (rows N1, N7)
    watch_person = notifications_commands.watch_person
    unwatch_person = notifications_commands.unwatch_person
    list_watchers = notifications_queries.list_watchers
    list_deliveries = notifications_queries.list_deliveries

    # events of other services
    on_attendance_entry_recorded = notifications_subscribers.on_attendance_entry_recorded
    on_sales_document_sent = notifications_subscribers.on_sales_document_sent
    on_people_person_registered = notifications_subscribers.on_people_person_registered
    on_people_persons_imported = notifications_subscribers.on_people_persons_imported
    on_people_person_changed = notifications_subscribers.on_people_person_changed

    # replicas that decide who receives and sees what
    on_people_user_changed = notifications_subscribers.on_people_user_changed
    on_people_role_changed = notifications_subscribers.on_people_role_changed
    on_attendance_attendance_opened = notifications_subscribers.on_attendance_attendance_opened
    on_attendance_attendance_filed = notifications_subscribers.on_attendance_attendance_filed
    on_attendance_flow_changed = notifications_subscribers.on_attendance_flow_changed

    # merging, and the rights of persons over their data: row P7
    on_people_person_merged = personal_data.on_people_person_merged
    on_people_person_unmerged = personal_data.on_people_person_unmerged
    on_people_person_erasure_requested = personal_data.on_people_person_erasure_requested
    get_person_data = personal_data.get_person_data
