"""Asking for the erasure of a person's data (row P7, ADR 0010)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import KINDS, RECORD
from services.chassis.handling.entrypoints import command
from services.people import events
from services.people.erasure import contract
from services.people.erasure.model import RUNNING, Erasure
from services.people.session import MEMBERS, PeopleSession

Data = dict[str, Any]


@command(
    takes=contract.ErasePerson,
    gives=contract.Erasure,
    needs="people.administer",
    section=RECORD,
    unnarrowed=KINDS,
    fresh=True,
)
def erase_person(tx: PeopleSession, data: Data) -> Erasure:
    """Requests the erasure from every service; the id of a merged person erases the survivor and all its merges.

    Raises NotFound("person_not_found"), Conflict("erasure_running"), Conflict("person_erased").
    """
    tx.one_at_a_time(MEMBERS)
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
        events.PERSON_ERASURE_REQUESTED, erasure.id, 1, erasure_id=erasure.id, persons=erasure.persons
    )  # fmt: skip
    return erasure
