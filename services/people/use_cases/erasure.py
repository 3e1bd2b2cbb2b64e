"""Erasing a person's data: the saga over the bus, and the access report (row P7, ADR 0010)."""

from __future__ import annotations

from typing import Any

from services.chassis.entrypoints import command, query, subscribe
from services.chassis.errors import NotFound
from services.chassis.holdings import page_of_rows
from services.chassis.schemas import HeldPage, OfPerson
from services.chassis.sections import KINDS, RECORD
from services.chassis.subscriptions import Heard
from services.people import contract
from services.people.domain.erasure import RUNNING, Erasure
from services.people.store import PeopleSession
from services.people.store.holdings import REPORTED

Data = dict[str, Any]


@command(
    takes=contract.ErasePerson,
    gives=contract.Erasure,
    needs="people.administer",
    section=RECORD,
    whole=KINDS,
    fresh=True,
)
def erase_person(tx: PeopleSession, data: Data) -> Erasure:
    """Asks every service; of a merged person, all of the survivor is erased.

    Raises NotFound("person_not_found"), Conflict("erasure_running"), Conflict("person_erased").
    """
    person = tx.persons.get(data["person_id"])
    person.refuse_erased()
    tx.erasures.refuse_running(person.id)
    erasure = Erasure(
        id=tx.new_id(),
        person_id=person.id,
        persons=tx.redirects.members(person.id),
        state=RUNNING,
        reason=data["reason"],
        legal_request=data["legal_request"],
        requested_at=tx.now,
        requested_by=tx.actor.id,
        requested_by_name=tx.actor.name,
    )
    tx.erasures.add(erasure)
    tx.publish(
        contract.PERSON_ERASURE_REQUESTED, erasure.id, 1, erasure_id=erasure.id, persons=erasure.persons
    )  # fmt: skip
    return erasure


@query(takes=contract.GetErasure, gives=contract.Erasure, needs="people.administer", section=RECORD, fresh=True)
def get_erasure(session: PeopleSession, data: Data) -> Erasure:
    """The last request, with each service's receipt; raises NotFound("erasure_not_found")."""
    erasure = session.erasures.last_of(session.persons.get(data["person_id"]).id)
    if erasure is None:
        raise NotFound("erasure_not_found", "Não há pedido de eliminação desta pessoa.")
    return erasure


@query(takes=OfPerson, gives=HeldPage, needs="people.administer", section=RECORD, whole=KINDS, fresh=True)
def get_person_data(session: PeopleSession, data: Data) -> Data:
    """What this service holds of the person; raises NotFound("person_not_found")."""
    person = session.persons.get(data["person_id"])
    return page_of_rows(session.tenant, REPORTED, person.id, data["limit"], data["cursor"])


@subscribe("attendance", "person_data_erased", takes=contract.PersonDataErased)
def on_attendance_person_data_erased(tx: PeopleSession, event: Heard) -> None:
    _receive(tx, "attendance", event)


@subscribe("sales", "person_data_erased", takes=contract.PersonDataErased)
def on_sales_person_data_erased(tx: PeopleSession, event: Heard) -> None:
    _receive(tx, "sales", event)


@subscribe("scheduling", "person_data_erased", takes=contract.PersonDataErased)
def on_scheduling_person_data_erased(tx: PeopleSession, event: Heard) -> None:
    _receive(tx, "scheduling", event)


@subscribe("notifications", "person_data_erased", takes=contract.PersonDataErased)
def on_notifications_person_data_erased(tx: PeopleSession, event: Heard) -> None:
    _receive(tx, "notifications", event)


def _receive(tx: PeopleSession, service: str, event: Heard) -> None:
    """The last receipt starts our own part (erasing.py)."""
    erasure = tx.erasures.get(event.data["erasure_id"])
    waiting = not erasure.answered
    erasure.receive(service, event.data["items"], event.at)
    tx.erasures.save(erasure)
    if waiting and erasure.answered:
        tx.enqueue("erasing", {"_id": erasure.id, "anonymised_at": None})
