"""The receipts of services that have erased a person's data (row P7, ADR 0010)."""

from __future__ import annotations

from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.people.erasure import contract
from services.people.session import PeopleSession


@subscribe("attendance", "person_data_erased", takes=contract.PersonDataErased)
def on_attendance_person_data_erased(tx: PeopleSession, event: ReceivedEvent) -> None:
    _receive(tx, "attendance", event)


@subscribe("sales", "person_data_erased", takes=contract.PersonDataErased)
def on_sales_person_data_erased(tx: PeopleSession, event: ReceivedEvent) -> None:
    _receive(tx, "sales", event)


@subscribe("scheduling", "person_data_erased", takes=contract.PersonDataErased)
def on_scheduling_person_data_erased(tx: PeopleSession, event: ReceivedEvent) -> None:
    _receive(tx, "scheduling", event)


@subscribe("notifications", "person_data_erased", takes=contract.PersonDataErased)
def on_notifications_person_data_erased(tx: PeopleSession, event: ReceivedEvent) -> None:
    _receive(tx, "notifications", event)


def _receive(tx: PeopleSession, service: str, event: ReceivedEvent) -> None:
    """The last receipt starts our own part (erasure/jobs.py)."""
    erasure = tx.erasures.get(event.data["erasure_id"])
    waiting = not erasure.answered
    erasure.receive(service, event.data["items"], event.at)
    tx.erasures.save(erasure)
    if waiting and erasure.answered:
        tx.enqueue("erasing", {"_id": erasure.id, "anonymised_at": None})
