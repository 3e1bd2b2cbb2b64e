"""Registering, changing, inactivating and reactivating persons (rows P1, P2, P7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from services.chassis.access.sections import RECORD
from services.chassis.access.visibility import CATEGORY
from services.chassis.errors import Conflict, Forbidden
from services.chassis.handling.entrypoints import command
from services.people import events
from services.people.categories.model import CATEGORIES
from services.people.persons import contract
from services.people.persons.editing import (
    person_to_edit,
    probable_duplicates,
    save_and_announce,
    save_and_find_duplicates,
)
from services.people.persons.model.person import Person
from services.people.session import PeopleSession

Data = dict[str, Any]


@command(takes=contract.RegisterPerson, gives=contract.RegisteredPerson, needs="people.write", section=RECORD)
def register_person(tx: PeopleSession, data: Data) -> Data:
    """Registers a person. All checks come before a code is taken, so that a refusal leaves no gap in the codes.

    Raises Conflict("person_exists"), Forbidden("category_hidden"), and what Person.register raises.
    """
    draft = Person.register(id=tx.new_id(), code=0, data=data, now=tx.now, own=_usable(tx, data))
    _refuse_hidden(tx, draft.categories)
    others = tx.persons.alike(draft)
    _refuse_taken_document(tx, draft, others)
    duplicates = probable_duplicates(draft, others)
    tx.duplicates.add_all(draft.id, {other.id: like for other, like in duplicates})
    draft.code = tx.persons.next_codes()[0]
    tx.persons.add(draft)
    tx.publish(events.PERSON_REGISTERED, draft.id, draft.version, **draft.event_data())
    warnings = [
        {"person": other, **asdict(like)} for other, like in duplicates if tx.actor.sight.person(other.categories)
    ]
    return {**vars(draft), "warnings": warnings}


@command(takes=contract.ChangePerson, gives=contract.Person, needs="people.write", section=RECORD)
def change_person(tx: PeopleSession, data: Data) -> Person:
    """Raises Conflict("person_exists") for another person's document, Forbidden("category_hidden"), and what
    Person.change raises."""
    person = person_to_edit(tx, data)
    before = person.categories
    person.change(data, own=_usable(tx, data))
    _refuse_hidden(tx, [category for category in person.categories if category not in before])
    _refuse_taken_document(tx, person, filter(None, [tx.persons.holder_of(person.document_key)]))
    return save_and_find_duplicates(tx, person)


@command(takes=contract.InactivatePerson, gives=contract.Person, needs="people.write", section=RECORD)
def inactivate_person(tx: PeopleSession, data: Data) -> Person:
    """Row P7: a person is never deleted; raises Conflict("person_inactive")."""
    person = person_to_edit(tx, data)
    person.inactivate(data["reason"], tx.now)
    return save_and_announce(tx, person)


@command(takes=contract.ReactivatePerson, gives=contract.Person, needs="people.write", section=RECORD)
def reactivate_person(tx: PeopleSession, data: Data) -> Person:
    """Raises Conflict("person_active")."""
    person = person_to_edit(tx, data)
    person.reactivate()
    return save_and_announce(tx, person)


def _usable(tx: PeopleSession, data: Data) -> set[str]:
    """The company's own active categories and characteristics among those that `data` names."""
    own = [category for category in data.get("categories") or () if category not in CATEGORIES]
    return tx.categories.usable(own) | tx.characteristics.usable(data.get("characteristics") or ())


def _refuse_taken_document(tx: PeopleSession, person: Person, others: Iterable[Person]) -> None:
    """Raises Conflict("person_exists") where one of the others holds the document."""
    key = person.document_key
    holder = next((one for one in others if key and one.holds(key) and one.id != person.id), None)
    if holder is None:
        return
    if not tx.actor.sight.person(holder.categories):
        raise Conflict("person_exists", "Já existe uma pessoa com este documento.")
    detail = f"Já existe a pessoa {holder.code} com este documento."
    raise Conflict("person_exists", detail, person_code=holder.code)


def _refuse_hidden(tx: PeopleSession, categories: Iterable[str]) -> None:
    """A user may give only categories that they see; raises Forbidden("category_hidden")."""
    if not all(tx.actor.sees(CATEGORY, category) for category in categories):
        raise Forbidden("category_hidden", "Você não tem acesso a esta categoria.")
