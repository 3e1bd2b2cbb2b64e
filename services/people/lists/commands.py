"""Adding, changing and removing e-mails, phones, addresses and contacts of a person (row P4)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import RECORD
from services.chassis.handling.entrypoints import command
from services.people.lists import contract
from services.people.persons import contract as persons_contract
from services.people.persons.editing import person_to_edit, save_and_find_duplicates
from services.people.persons.model.person import Person
from services.people.session import PeopleSession

Data = dict[str, Any]


def _add(tx: PeopleSession, name: str, data: Data) -> Person:
    person = person_to_edit(tx, data)
    person.add_item(name, data)
    return save_and_find_duplicates(tx, person)


def _edit(tx: PeopleSession, name: str, data: Data) -> Person:
    person = person_to_edit(tx, data)
    person.edit_item(name, data.pop("item_id"), data)
    return save_and_find_duplicates(tx, person)


def _remove(tx: PeopleSession, name: str, data: Data) -> Person:
    person = person_to_edit(tx, data)
    person.remove_item(name, data["item_id"])
    return save_and_find_duplicates(tx, person)


@command(takes=contract.AddEmail, gives=persons_contract.Person, needs="people.write", section=RECORD)
def add_email(tx: PeopleSession, data: Data) -> Person:
    return _add(tx, "emails", data)


@command(takes=contract.ChangeEmail, gives=persons_contract.Person, needs="people.write", section=RECORD)
def change_email(tx: PeopleSession, data: Data) -> Person:
    return _edit(tx, "emails", data)


@command(takes=contract.RemoveItem, gives=persons_contract.Person, needs="people.write", section=RECORD)
def remove_email(tx: PeopleSession, data: Data) -> Person:
    return _remove(tx, "emails", data)


@command(takes=contract.AddPhone, gives=persons_contract.Person, needs="people.write", section=RECORD)
def add_phone(tx: PeopleSession, data: Data) -> Person:
    return _add(tx, "phones", data)


@command(takes=contract.ChangePhone, gives=persons_contract.Person, needs="people.write", section=RECORD)
def change_phone(tx: PeopleSession, data: Data) -> Person:
    return _edit(tx, "phones", data)


@command(takes=contract.RemoveItem, gives=persons_contract.Person, needs="people.write", section=RECORD)
def remove_phone(tx: PeopleSession, data: Data) -> Person:
    return _remove(tx, "phones", data)


@command(takes=contract.AddAddress, gives=persons_contract.Person, needs="people.write", section="addresses")
def add_address(tx: PeopleSession, data: Data) -> Person:
    return _add(tx, "addresses", data)


@command(takes=contract.ChangeAddress, gives=persons_contract.Person, needs="people.write", section="addresses")
def change_address(tx: PeopleSession, data: Data) -> Person:
    return _edit(tx, "addresses", data)


@command(takes=contract.RemoveItem, gives=persons_contract.Person, needs="people.write", section="addresses")
def remove_address(tx: PeopleSession, data: Data) -> Person:
    return _remove(tx, "addresses", data)


@command(takes=contract.AddContact, gives=persons_contract.Person, needs="people.write", section=RECORD)
def add_contact(tx: PeopleSession, data: Data) -> Person:
    return _add(tx, "contacts", data)


@command(takes=contract.ChangeContact, gives=persons_contract.Person, needs="people.write", section=RECORD)
def change_contact(tx: PeopleSession, data: Data) -> Person:
    return _edit(tx, "contacts", data)


@command(takes=contract.RemoveItem, gives=persons_contract.Person, needs="people.write", section=RECORD)
def remove_contact(tx: PeopleSession, data: Data) -> Person:
    return _remove(tx, "contacts", data)
