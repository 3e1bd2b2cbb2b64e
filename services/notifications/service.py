"""Notifications: who watches a person, and what was sent to them."""

from __future__ import annotations

from typing import ClassVar

from services.chassis.personal_data import erasure
from services.chassis.process.runtime import Runtime
from services.chassis.process.service import Service
from services.notifications import events, personal_data, visibility
from services.notifications import session as notifications_session
from services.notifications import subscribers as notifications_subscribers
from services.notifications.deliveries import commands as deliveries_commands
from services.notifications.deliveries import queries as deliveries_queries
from services.notifications.deliveries import repository as deliveries_repository
from services.notifications.deliveries.asking import Asking, make_asking
from services.notifications.deliveries.jobs import make_sender
from services.notifications.session import NotificationsSession
from services.notifications.watching import commands as watching_commands
from services.notifications.watching import queries as watching_queries
from services.notifications.watching.jobs import make_teller
from services.notifications.watching.repository import TELLINGS


class Notifications(Service):
    name = events.SERVICE
    session = NotificationsSession
    indexes = notifications_session.INDEXES
    retentions = deliveries_repository.RETENTIONS
    jobs: ClassVar = {
        "deliveries": make_sender,
        TELLINGS: make_teller,
        "erasures": erasure.worker(events.PERSON_DATA_ERASED),
    }
    inventory = personal_data.INVENTORY
    seeables = visibility.SEEABLES
    runtime = Runtime()

    @classmethod
    def shared(cls, runtime: Runtime) -> Asking:
        return make_asking(runtime)

    # watching persons, and the delivery log (rows N1, N7)
    watch_person = watching_commands.watch_person
    unwatch_person = watching_commands.unwatch_person
    list_watchers = watching_queries.list_watchers
    list_deliveries = deliveries_queries.list_deliveries
    get_delivery = deliveries_queries.get_delivery
    retry_delivery = deliveries_commands.retry_delivery

    # events of other services
    on_attendance_entry_recorded = notifications_subscribers.on_attendance_entry_recorded
    on_sales_document_sent = notifications_subscribers.on_sales_document_sent
    on_sales_nfe_sent = notifications_subscribers.on_sales_nfe_sent
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
