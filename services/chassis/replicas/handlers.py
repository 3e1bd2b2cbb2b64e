"""The subscribers that several services have alike: they keep replicas of persons, companies, attendances and flows.

A service makes them in its `subscribers.py`. All have `once=False`: a replica is stored by its version.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from marshmallow import fields

from services.chassis.access.row_visibility import AttendanceReplicas
from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.requests import Method
from services.chassis.handling.session import Session
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.replicas import zones
from services.chassis.replicas.persons import COLLECTION as PERSONS
from services.chassis.replicas.replica import Replicas
from services.chassis.schemas import EventData

Data = dict[str, Any]


class HasPersons(Protocol):
    """A session of a service that has replicas of persons."""

    @property
    def persons(self) -> Replicas: ...

    def forget_name(self, collection: str, record_id: str) -> None: ...


S = TypeVar("S", bound=Session)
P = TypeVar("P", bound=HasPersons)


class CompanySeen(EventData):
    """What is read of people's company_changed."""

    time_zone = fields.String(required=True)


class FlowSeen(EventData):
    """What is read of attendance's flow_changed: `users` see the flow's attendances."""

    flow_id = fields.String(required=True)
    users = fields.List(fields.String(), required=True)


class FlowOfAttendance(FlowSeen):
    version = fields.Integer(required=True)


class AttendanceSeen(EventData):
    """What is read of attendance's attendance_opened and attendance_filed: the facts that decide who sees it."""

    attendance_id = fields.String(required=True)
    type_id = fields.String(load_default=None, allow_none=True)
    flow = fields.Nested(FlowOfAttendance, load_default=None, allow_none=True)


def _imported(takes: type[EventData]) -> type[EventData]:
    """What is read of people's persons_imported: for each person, what `takes` reads of person_registered."""

    class ImportedPerson(takes):  # type: ignore[misc, valid-type]
        version = fields.Integer(required=True)

    class PersonsImported(EventData):
        persons = fields.List(fields.Nested(ImportedPerson), required=True)

    return PersonsImported


def _renamed(persons: Replicas, news: Sequence[tuple[str, int, Data]]) -> list[str]:
    """The ids of the persons whose name changes."""
    names = {person_id: data["name"] for person_id, _, data in news}
    return [known["_id"] for known in persons.find_many(list(names)) if known["name"] != names[known["_id"]]]


def person_subscribers(
    takes: type[EventData],
    fields_of: Callable[[Data], Data],
    on_rename: Callable[[P, str], None] | None = None,
) -> tuple[Method, Method, Method]:
    """Subscribers of person_registered, person_changed and persons_imported. `fields_of(data)`: the replica's fields.

    `on_rename(tx, person_id)` is called before a known person's replica gets another name. If the process crashes in
    between, the redelivered event still finds the former name.
    """

    def put(tx: P, events: Sequence[tuple[str, int, Data]]) -> None:
        news = [(person_id, version, fields_of(data)) for person_id, version, data in events]
        if on_rename is not None:
            for person_id in _renamed(tx.persons, news):
                on_rename(tx, person_id)
        tx.persons.put_many(news)
        for person_id, _, _ in news:
            tx.forget_name(PERSONS, person_id)

    @subscribe("people", "person_registered", takes=takes, once=False)
    def on_people_person_registered(tx: P, event: ReceivedEvent) -> None:
        """A new person has no former name; where a later event came first, its newer replica stays."""
        tx.persons.put(event.aggregate, event.sequence, **fields_of(event.data))

    @subscribe("people", "person_changed", takes=takes, once=False)
    def on_people_person_changed(tx: P, event: ReceivedEvent) -> None:
        put(tx, [(event.aggregate, event.sequence, event.data)])

    @subscribe("people", "persons_imported", takes=_imported(takes), once=False)
    def on_people_persons_imported(tx: P, event: ReceivedEvent) -> None:
        put(tx, [(person["person_id"], person["version"], person) for person in event.data["persons"]])

    return on_people_person_registered, on_people_person_changed, on_people_persons_imported


def company_subscriber() -> Method:
    """The subscriber of company_changed, for services that need the company's time zone."""

    @subscribe("people", "company_changed", takes=CompanySeen, once=False)
    def on_people_company_changed(tx: Session, event: ReceivedEvent) -> None:
        zones.zone_of(tx.tenant).put(event.sequence, event.data["time_zone"])

    return on_people_company_changed


def _no_fields(tx: Session, event: ReceivedEvent) -> dict[str, Any]:
    return {}


def attendance_subscribers(
    takes: type[AttendanceSeen] = AttendanceSeen,
    more_fields: Callable[[S, ReceivedEvent], dict[str, Any]] = _no_fields,
) -> tuple[Method, Method]:
    """Subscribers of attendance_opened and attendance_filed: they store who sees the attendance, and what
    `more_fields(tx, event)` returns."""

    def put(tx: S, event: ReceivedEvent) -> None:
        fields = more_fields(tx, event)
        AttendanceReplicas(tx.tenant).put_from_event(event.aggregate, event.sequence, event.data, **fields)

    @subscribe("attendance", "attendance_opened", takes=takes, once=False)
    def on_attendance_attendance_opened(tx: S, event: ReceivedEvent) -> None:
        put(tx, event)

    @subscribe("attendance", "attendance_filed", takes=takes, once=False)
    def on_attendance_attendance_filed(tx: S, event: ReceivedEvent) -> None:
        put(tx, event)

    return on_attendance_attendance_opened, on_attendance_attendance_filed


def flow_subscriber() -> Method:
    """The subscriber of flow_changed, which stores the flow's users."""

    @subscribe("attendance", "flow_changed", takes=FlowSeen, once=False)
    def on_attendance_flow_changed(tx: Session, event: ReceivedEvent) -> None:
        AttendanceReplicas(tx.tenant).put_flow(event.aggregate, event.sequence, event.data["users"])

    return on_attendance_flow_changed
