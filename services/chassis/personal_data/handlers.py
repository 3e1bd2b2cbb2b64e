"""The handlers that every service with rows of persons has: it follows merges, erases, and reports (row P7).

A service makes them in its `personal_data.py`, beside its inventory; `also` is what the service itself adds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from marshmallow import fields

from services.chassis.access.sections import KINDS, RECORD
from services.chassis.handling.entrypoints import query, subscribe
from services.chassis.handling.requests import Method
from services.chassis.handling.session import Session
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.personal_data import erasure
from services.chassis.personal_data.inventory import Holding, page_of_rows
from services.chassis.replicas.persons import persons_of
from services.chassis.schemas import EventData, HeldPage, OfPerson

S = TypeVar("S", bound=Session)

# The name of an erased person.
ERASED_NAME = "Pessoa apagada"


class PersonRedirected(EventData):
    """What is read of people's person_merged and person_unmerged: the survivor to whom the person leads, or led."""

    person_id = fields.String(required=True)
    survivor_id = fields.String(required=True)


class ErasureRequested(EventData):
    """What is read of people's person_erasure_requested."""

    erasure_id = fields.String(required=True)
    persons = fields.List(fields.String(), required=True)


def nothing_more(tx: Session, person_id: str) -> None:
    """The default of `also` and `before`."""


def person_merged(also: Callable[[S, str], None] = nothing_more) -> Method:
    """The person's rows follow to the survivor; `also(tx, survivor_id)`, which may be repeated."""

    @subscribe("people", "person_merged", takes=PersonRedirected, once=False)
    def on_people_person_merged(tx: S, event: ReceivedEvent) -> None:
        tx.redirect(event.aggregate, event.data["survivor_id"], event.sequence)
        also(tx, event.data["survivor_id"])

    return on_people_person_merged


def person_unmerged(also: Callable[[S, str], None] = nothing_more) -> Method:
    """The person's rows return; `also(tx, person_id)`, which may be repeated."""

    @subscribe("people", "person_unmerged", takes=PersonRedirected, once=False)
    def on_people_person_unmerged(tx: S, event: ReceivedEvent) -> None:
        tx.redirect(event.aggregate, None, event.sequence)
        also(tx, event.aggregate)

    return on_people_person_unmerged


def person_erasure_requested(
    also: Callable[[S, str], None] = nothing_more, before: Callable[[S, str], None] = nothing_more
) -> Method:
    """The copies of the persons are erased at once, `also(tx, person_id)` for each; their rows after the commit.

    `before(tx, person_id)`: while the copy is still there.
    """

    @subscribe("people", "person_erasure_requested", takes=ErasureRequested)
    def on_people_person_erasure_requested(tx: S, event: ReceivedEvent) -> None:
        persons = persons_of(tx.tenant, tx.redirects)
        for person_id in event.data["persons"]:
            before(tx, person_id)
        for person_id in event.data["persons"]:
            persons.erase(person_id, name=ERASED_NAME)
            also(tx, person_id)
        erasure.begin(tx, event.data["erasure_id"], event.data["persons"])

    return on_people_person_erasure_requested


def person_data(inventory: Sequence[Holding]) -> Method:
    """A part of the access report: what the service holds of a person, with all fields."""

    @query(takes=OfPerson, gives=HeldPage, needs="people.administer", section=RECORD, unnarrowed=KINDS)
    def get_person_data(session: Session, data: dict[str, Any]) -> dict[str, Any]:
        return page_of_rows(session.tenant, inventory, data["person_id"], data["limit"], data["cursor"])

    return get_person_data
