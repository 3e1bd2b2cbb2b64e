"""The handlers that feed copies of others' records, where several services keep the same ones: once for all.

A service names them in its `subscribers.py`. All may be repeated: a copy is put by its version.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from marshmallow import fields

from services.chassis.access.seeing import AttendanceReplicas
from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.requests import Method
from services.chassis.handling.session import Session
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.replicas import zones
from services.chassis.schemas import EventData

S = TypeVar("S", bound=Session)


class CompanySeen(EventData):
    """Of people's company_changed: in which zone a day is reckoned."""

    time_zone = fields.String(required=True)


class FlowSeen(EventData):
    """Of attendance's flow_changed: who sees what the flow holds."""

    flow_id = fields.String(required=True)
    users = fields.List(fields.String(), required=True)


class FlowOfAttendance(FlowSeen):
    version = fields.Integer(required=True)


class AttendanceSeen(EventData):
    """Of attendance's attendance_opened and attendance_filed: who sees it."""

    attendance_id = fields.String(required=True)
    type_id = fields.String(load_default=None, allow_none=True)
    flow = fields.Nested(FlowOfAttendance, load_default=None, allow_none=True)


def person_copied(takes: type[EventData], copy: Callable[[S, ReceivedEvent], None]) -> tuple[Method, Method]:
    """Handlers of person_registered and person_changed: `copy` keeps what the service shows of a person."""

    @subscribe("people", "person_registered", takes=takes, once=False)
    def on_people_person_registered(tx: S, event: ReceivedEvent) -> None:
        copy(tx, event)

    @subscribe("people", "person_changed", takes=takes, once=False)
    def on_people_person_changed(tx: S, event: ReceivedEvent) -> None:
        copy(tx, event)

    return on_people_person_registered, on_people_person_changed


def company_copied() -> Method:
    """A handler of company_changed, for services that reckon in days."""

    @subscribe("people", "company_changed", takes=CompanySeen, once=False)
    def on_people_company_changed(tx: Session, event: ReceivedEvent) -> None:
        zones.zone_of(tx.tenant).put(event.sequence, event.data["time_zone"])

    return on_people_company_changed


def _nothing_more(tx: Session, event: ReceivedEvent) -> dict[str, Any]:
    return {}


def attendance_copied(
    takes: type[AttendanceSeen] = AttendanceSeen,
    besides: Callable[[S, ReceivedEvent], dict[str, Any]] = _nothing_more,
) -> tuple[Method, Method]:
    """Handlers of attendance_opened and attendance_filed: who sees it, and the fields that `besides` answers."""

    def copy(tx: S, event: ReceivedEvent) -> None:
        AttendanceReplicas(tx.tenant).put_told(event.aggregate, event.sequence, event.data, **besides(tx, event))

    @subscribe("attendance", "attendance_opened", takes=takes, once=False)
    def on_attendance_attendance_opened(tx: S, event: ReceivedEvent) -> None:
        copy(tx, event)

    @subscribe("attendance", "attendance_filed", takes=takes, once=False)
    def on_attendance_attendance_filed(tx: S, event: ReceivedEvent) -> None:
        copy(tx, event)

    return on_attendance_attendance_opened, on_attendance_attendance_filed


def flow_copied() -> Method:
    """A handler of flow_changed: its users, who see what it holds."""

    @subscribe("attendance", "flow_changed", takes=FlowSeen, once=False)
    def on_attendance_flow_changed(tx: Session, event: ReceivedEvent) -> None:
        AttendanceReplicas(tx.tenant).put_flow(event.aggregate, event.sequence, event.data["users"])

    return on_attendance_flow_changed
