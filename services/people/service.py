"""People: the registry of persons, and the installation's users and companies. What it can do, by name."""

from __future__ import annotations

from services.chassis.runtime import Runtime, Service
from services.people import contract, store
from services.people.store import PeopleSession
from services.people.use_cases import imports, persons, users


class People(Service):
    name = contract.SERVICE
    session = PeopleSession
    indexes = store.INDEXES
    runtime = Runtime()

    # persons: rows P1 to P4
    register_person = persons.register_person
    add_address = persons.add_address
    add_contact = persons.add_contact
    get_person = persons.get_person
    search_persons = persons.search_persons

    # imports: row P8
    import_persons = imports.import_persons

    # users and companies: rows P9, G3
    sign_in = users.sign_in
