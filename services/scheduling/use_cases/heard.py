"""What other services announce, and what it does here."""

from __future__ import annotations

from services.chassis.entrypoints import subscribe
from services.chassis.subscriptions import Heard
from services.scheduling import contract
from services.scheduling.store import SchedulingSession


@subscribe("people", "person_registered", takes=contract.PersonSeen, once=False)
def on_people_person_registered(tx: SchedulingSession, event: Heard) -> None:
    _copy(tx, event)


@subscribe("people", "person_changed", takes=contract.PersonSeen, once=False)
def on_people_person_changed(tx: SchedulingSession, event: Heard) -> None:
    _copy(tx, event)


@subscribe("sales", "opportunity_created", takes=contract.OpportunitySeen, once=False)
def on_sales_opportunity_created(tx: SchedulingSession, event: Heard) -> None:
    _know(tx, event, deleted=False)


@subscribe("sales", "opportunity_deleted", takes=contract.OpportunitySeen, once=False)
def on_sales_opportunity_deleted(tx: SchedulingSession, event: Heard) -> None:
    """Its appointments stay in the person's agenda."""
    _know(tx, event, deleted=True)


@subscribe("attendance", "attendance_opened", takes=contract.AttendanceSeen, once=False)
def on_attendance_attendance_opened(tx: SchedulingSession, event: Heard) -> None:
    tx.attendances.put_told(event.aggregate, event.sequence, event.data)


@subscribe("attendance", "attendance_filed", takes=contract.AttendanceSeen, once=False)
def on_attendance_attendance_filed(tx: SchedulingSession, event: Heard) -> None:
    tx.attendances.put_told(event.aggregate, event.sequence, event.data)


@subscribe("attendance", "flow_changed", takes=contract.FlowSeen, once=False)
def on_attendance_flow_changed(tx: SchedulingSession, event: Heard) -> None:
    tx.attendances.put_flow(event.aggregate, event.sequence, event.data["users"])


def _copy(tx: SchedulingSession, event: Heard) -> None:
    tx.persons.put(event.aggregate, event.sequence, name=event.data["name"], categories=event.data["categories"])


def _know(tx: SchedulingSession, event: Heard, deleted: bool) -> None:
    told = {name: event.data[name] for name in ("person_id", "attendance_id")}
    tx.opportunities.put(event.aggregate, event.sequence, deleted=deleted, **told)
