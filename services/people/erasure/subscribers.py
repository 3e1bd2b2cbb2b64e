"""The receipts of services that have erased a person's data (row P7, ADR 0010)."""

from __future__ import annotations

from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.requests import Method
from services.chassis.handling.subscriptions import ReceivedEvent
from services.people.erasure import contract
from services.people.session import PeopleSession


def _receive(tx: PeopleSession, service: str, event: ReceivedEvent) -> None:
    """Keeps a service's receipt; the last one enqueues our own part (erasure/jobs.py)."""
    erasure = tx.erasures.get(event.data["erasure_id"])
    waiting = not erasure.answered
    erasure.receive(service, event.data["items"], event.at)
    tx.erasures.save(erasure)
    if waiting and erasure.answered:
        tx.enqueue("erasing", {"_id": erasure.id, "anonymised_at": None})


def _receipt_of(service: str) -> Method:
    def receive(tx: PeopleSession, event: ReceivedEvent) -> None:
        _receive(tx, service, event)

    receive.__name__ = f"on_{service}_person_data_erased"
    return subscribe(service, "person_data_erased", takes=contract.PersonDataErased)(receive)


on_attendance_person_data_erased = _receipt_of("attendance")
on_sales_person_data_erased = _receipt_of("sales")
on_scheduling_person_data_erased = _receipt_of("scheduling")
on_notifications_person_data_erased = _receipt_of("notifications")
