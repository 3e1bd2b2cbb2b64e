"""The handlers that feed copies of others' records, where several services keep the same ones: once for all.

A service names them in its `subscribers.py`. All may be repeated: a copy is put by its version.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from marshmallow import fields

from services.chassis.access.seeing import AttendanceReplicas
from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.requests import Method
from services.chassis.handling.session import Session
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.replicas import zones
from services.chassis.replicas.persons import COLLECTION as PERSONS
from services.chassis.replicas.replica import Replicas
from services.chassis.schemas import EventData

Data = dict[str, Any]


class ShowsPersons(Protocol):
    """A session of a service that keeps copies of persons."""

    @property
    def persons(self) -> Replicas: ...

    def forget_name(self, collection: str, record_id: str) -> None: ...


S = TypeVar("S", bound=Session)
P = TypeVar("P", bound=ShowsPersons)


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


def _imported(takes: type[EventData]) -> type[EventData]:
    """Of people's persons_imported: of each person what `takes` reads of an event of their own."""

    class ImportedPerson(takes):  # type: ignore[misc, valid-type]
        version = fields.Integer(required=True)

    class PersonsImported(EventData):
        persons = fields.List(fields.Nested(ImportedPerson), required=True)

    return PersonsImported


def _renamed(persons: Replicas, copies: Sequence[tuple[str, int, Data]]) -> list[str]:
    """Whom the copies give another name than the known one."""
    names = {person_id: data["name"] for person_id, _, data in copies}
    return [known["_id"] for known in persons.find_many(list(names)) if known["name"] != names[known["_id"]]]


def person_copied(
    takes: type[EventData],
    copied: Callable[[Data], Data],
    renamed: Callable[[P, str], None] | None = None,
) -> tuple[Method, Method, Method]:
    """Handlers of person_registered, person_changed and persons_imported: `copied(data)` is what the service shows.

    `renamed(tx, person_id)` is called before a known person's copy gets another name: so that a redelivery after a
    crash does not find the name told already.
    """

    def keep(tx: P, told: Sequence[tuple[str, int, Data]]) -> None:
        copies = [(person_id, version, copied(data)) for person_id, version, data in told]
        if renamed is not None:
            for person_id in _renamed(tx.persons, copies):
                renamed(tx, person_id)
        tx.persons.put_many(copies)
        for person_id, _, _ in copies:
            tx.forget_name(PERSONS, person_id)

    @subscribe("people", "person_registered", takes=takes, once=False)
    def on_people_person_registered(tx: P, event: ReceivedEvent) -> None:
        """Nobody has another name for somebody new; news that came before it is newer, and stays."""
        tx.persons.put(event.aggregate, event.sequence, **copied(event.data))

    @subscribe("people", "person_changed", takes=takes, once=False)
    def on_people_person_changed(tx: P, event: ReceivedEvent) -> None:
        keep(tx, [(event.aggregate, event.sequence, event.data)])

    @subscribe("people", "persons_imported", takes=_imported(takes), once=False)
    def on_people_persons_imported(tx: P, event: ReceivedEvent) -> None:
        keep(tx, [(person["person_id"], person["version"], person) for person in event.data["persons"]])

    return on_people_person_registered, on_people_person_changed, on_people_persons_imported


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
