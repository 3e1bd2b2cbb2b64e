"""What other services announce, and what it does here."""

from __future__ import annotations

from services.attendance import contract
from services.attendance.store import AttendanceSession
from services.attendance.use_cases.attendances import open_on
from services.chassis.entrypoints import subscribe
from services.chassis.subscriptions import Heard


@subscribe("people", "person_registered", takes=contract.PersonSeen, once=False)
def on_people_person_registered(tx: AttendanceSession, event: Heard) -> None:
    tx.persons.put(event.aggregate, event.sequence, name=event.data["name"])


@subscribe("people", "person_changed", takes=contract.PersonSeen, once=False)
def on_people_person_changed(tx: AttendanceSession, event: Heard) -> None:
    tx.persons.put(event.aggregate, event.sequence, name=event.data["name"])


@subscribe("people", "company_changed", takes=contract.CompanySeen, once=False)
def on_people_company_changed(tx: AttendanceSession, event: Heard) -> None:
    tx.zone.put(event.sequence, event.data["time_zone"])


@subscribe("sales", "opportunity_created", takes=contract.OpportunitySeen)
def on_sales_opportunity_created(tx: AttendanceSession, event: Heard) -> None:
    """An opportunity's conversation, under the id that sales derived: opening twice makes no second one."""
    if not tx.attendances.has(event.data["attendance_id"]) and not tx.persons.erased(event.data["person_id"]):
        title = event.data["description"][:200]
        open_on(tx, event.data["attendance_id"], event.data["person_id"], title)
