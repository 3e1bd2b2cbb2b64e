"""Who looked at a person's data (row P7)."""

from __future__ import annotations

from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.schemas import OfPerson
from services.chassis.sections import RECORD
from services.people import contract
from services.people.store import PeopleSession

Data = dict[str, Any]


@command(takes=contract.RecordLook, gives=contract.RecordedLook, needs="people.record_look", section=RECORD)
def record_look(tx: PeopleSession, data: Data) -> Data:
    """Written for the gateway's own permission: whoever may look is written down, and nobody else can write."""
    look = {**data, "_id": tx.new_id(), "user_id": tx.actor.id, "user_name": tx.actor.name, "request_id": tx.cause}
    tx.looks.add(look)
    return look


@query(takes=OfPerson, gives=contract.LookPage, needs="people.administer", section=RECORD, fresh=True)
def list_looks(session: PeopleSession, data: Data) -> Data:
    """Newest first; raises NotFound("person_not_found")."""
    return session.looks.of_person(session.persons.get(data["person_id"]).id, data["limit"], data["cursor"])
