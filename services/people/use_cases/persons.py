"""Registering, changing and finding persons (rows P1 to P4)."""

from __future__ import annotations

from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.errors import Conflict
from services.people import contract
from services.people.domain import Person
from services.people.store import PeopleSession

Data = dict[str, Any]


@command(takes=contract.RegisterPerson, gives=contract.Person, needs="people.write")
def register_person(tx: PeopleSession, data: Data) -> Person:
    """Checks before a code is taken, so that a refusal leaves no gap; raises Conflict("person_exists")."""
    draft = Person.register(id=tx.new_id(), code=0, data=data, now=tx.now)
    holder = tx.persons.holder_of(draft.document_key)
    if holder is not None:
        raise Conflict(
            "person_exists", f"Já existe a pessoa {holder.code} com este documento.", person_code=holder.code
        )
    draft.code = tx.persons.next_codes()[0]
    tx.persons.add(draft)
    tx.publish(contract.PERSON_REGISTERED, draft.id, draft.version, **draft.announced())
    return draft


@command(takes=contract.AddAddress, gives=contract.Person, needs="people.write")
def add_address(tx: PeopleSession, data: Data) -> Person:
    person = tx.persons.get(data.pop("person_id"))
    person.add_address(data)
    return changed(tx, person)


@command(takes=contract.AddContact, gives=contract.Person, needs="people.write")
def add_contact(tx: PeopleSession, data: Data) -> Person:
    person = tx.persons.get(data.pop("person_id"))
    person.add_contact(data)
    return changed(tx, person)


@query(takes=contract.GetPerson, gives=contract.Person, needs="people.read")
def get_person(session: PeopleSession, data: Data) -> Person:
    if data["code"] is not None:
        return session.persons.by_code(data["code"])
    return session.persons.get(data["id"])


@query(takes=contract.SearchPersons, gives=contract.PersonPage, needs="people.read")
def search_persons(session: PeopleSession, data: Data) -> Data:
    return session.persons.search(data["q"], data["limit"], data["cursor"])


def changed(tx: PeopleSession, person: Person) -> Person:
    """Saves the next version, and announces it."""
    tx.persons.save(person)
    tx.publish(contract.PERSON_CHANGED, person.id, person.version, **person.announced())
    return person
