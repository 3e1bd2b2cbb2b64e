"""People: the registry of persons, and the installation's users and companies."""

from __future__ import annotations

from typing import Any

import eventlet.tpool

from services.chassis.entrypoints import command, query
from services.chassis.errors import Conflict, Unauthenticated
from services.chassis.runtime import Runtime, Service
from services.people import contract, imports, passwords, store
from services.people.domain import Person
from services.people.store import PeopleSession


class People(Service):
    name = contract.SERVICE
    session = PeopleSession
    indexes = store.INDEXES
    runtime = Runtime()

    @command(takes=contract.RegisterPerson, gives=contract.Person, needs="people.write")
    def register_person(self, tx: PeopleSession, data: dict[str, Any]) -> Person:
        return _register(tx, data)

    @command(takes=contract.AddAddress, gives=contract.Person, needs="people.write")
    def add_address(self, tx: PeopleSession, data: dict[str, Any]) -> Person:
        person = tx.persons.get(data.pop("person_id"))
        person.add_address(data)
        return _changed(tx, person)

    @command(takes=contract.AddContact, gives=contract.Person, needs="people.write")
    def add_contact(self, tx: PeopleSession, data: dict[str, Any]) -> Person:
        person = tx.persons.get(data.pop("person_id"))
        person.add_contact(data)
        return _changed(tx, person)

    @command(takes=contract.ImportPersons, gives=contract.ImportReport, needs="people.write")
    def import_persons(self, tx: PeopleSession, data: dict[str, Any]) -> dict[str, Any]:
        """Row P8: each row registered, found, or refused with its reason; a chunk is all or nothing."""
        return {"lines": imports.run(tx, data["rows"])}

    @query(takes=contract.GetPerson, gives=contract.Person, needs="people.read")
    def get_person(self, session: PeopleSession, data: dict[str, Any]) -> Person:
        if data["code"] is not None:
            return session.persons.by_code(data["code"])
        return session.persons.get(data["id"])

    @query(takes=contract.SearchPersons, gives=contract.PersonPage, needs="people.read")
    def search_persons(self, session: PeopleSession, data: dict[str, Any]) -> dict[str, Any]:
        return session.persons.search(data["q"], data["limit"], data["cursor"])

    @query(takes=contract.SignIn, gives=contract.SignedIn, needs="installation.sign_in")
    def sign_in(self, session: PeopleSession, data: dict[str, Any]) -> dict[str, Any]:
        """Row G3. The password is checked whether the login exists or not, so that time tells nothing."""
        user = session.users.by_login(data["login"].lower())
        right = eventlet.tpool.execute(passwords.matches, user.password_hash if user else None, data["password"])
        if user is None or not right:
            raise Unauthenticated("credentials_invalid", "Usuário ou senha inválidos.")
        chosen = session.companies.by_code(data["company"]) if data["company"] else None
        company_id, roles = user.membership(chosen.id if chosen else None, asked=data["company"] is not None)
        company = chosen or session.companies.get(company_id)
        return {
            "user_id": user.id,
            "user_name": user.name,
            "login": user.login,
            "company": company.id,
            "company_name": company.name,
            "roles": roles,
        }


def _register(tx: PeopleSession, data: dict[str, Any]) -> Person:
    """Checks before a code is taken, so that a refusal leaves no gap."""
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


def _changed(tx: PeopleSession, person: Person) -> Person:
    tx.persons.save(person)
    tx.publish(contract.PERSON_CHANGED, person.id, person.version, **person.announced())
    return person
