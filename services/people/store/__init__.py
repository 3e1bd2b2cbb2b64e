"""Where `people` keeps its records; the only folder here that knows Mongo."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.chassis.context import INSTALLATION
from services.chassis.errors import Forbidden
from services.chassis.seeing import PERSONS, Seeable
from services.chassis.session import Session
from services.people.domain import Category, Characteristic
from services.people.store import (
    access,
    audit,
    categories,
    consents,
    duplicates,
    erasure,
    exports,
    imports,
    merge,
    persons,
    tries,
    users,
)
from services.people.store.access import CompanyAccess
from services.people.store.actors import access_now
from services.people.store.audit import Looks
from services.people.store.categories import Catalogue
from services.people.store.consents import Consents
from services.people.store.duplicates import Duplicates
from services.people.store.erasure import Erasures
from services.people.store.exports import Exports
from services.people.store.imports import Imports
from services.people.store.merge import Merges
from services.people.store.persons import Persons
from services.people.store.tries import AllTries
from services.people.store.users import Companies, Users

INDEXES = (
    *persons.INDEXES,
    *categories.INDEXES,
    *duplicates.INDEXES,
    *imports.INDEXES,
    *exports.INDEXES,
    *users.INDEXES,
    *access.INDEXES,
    *merge.INDEXES,
    *erasure.INDEXES,
    *consents.INDEXES,
    *audit.INDEXES,
)
# What hides a person from a user is in its own categories; the rest is asked for by the person.
SEEABLES = (Seeable(PERSONS, person="_id"),)
EXPIRIES = (*access.EXPIRIES, *tries.EXPIRIES)
RETENTIONS = (*access.RETENTIONS, *audit.RETENTIONS, *exports.RETENTIONS, *imports.RETENTIONS)


class PeopleSession(Session):
    def open(self) -> None:
        collection = self.tenant.collection
        self.persons = Persons(collection("persons"), collection("numbers"), collection("merges"), self.redirects)
        self.merges = Merges(collection("merges"))
        self.erasures = Erasures(collection("erasures"))
        self.consents = Consents(collection("consents"), collection("consent_purposes"))
        self.looks = Looks(collection("looks"))
        self.duplicates = Duplicates(collection("duplicates"))
        self.categories = Catalogue(collection("categories"), Category, "category", "categoria")
        self.characteristics = Catalogue(
            collection("characteristics"), Characteristic, "characteristic", "característica"
        )  # fmt: skip
        self.imports = Imports(
            collection("imports"), collection("import_parts"), collection("import_reports"), self.now
        )
        self.exports = Exports(collection("exports"))
        self.access = CompanyAccess(self.tenant)
        # a user may belong to several companies, and signs in before one is known
        installation = self.tenant.of(INSTALLATION)
        self.users = Users(installation.collection("users"))
        self.companies = Companies(installation.collection("companies"))
        self.tries = AllTries(installation.collection("tries"), installation.collection("known_addresses"))

    def confirm_actor(self, permission: str) -> None:
        """From here on `actor` has the access of now; raises what actors.py does, Forbidden("permission_missing")."""
        access = access_now(self.access, self.users, self.company, self.actor, self.now)
        self.actor = replace(self.actor, permissions=tuple(sorted(access.permissions)), scopes=access.scopes)
        if permission not in access.permissions:
            raise Forbidden("permission_missing", "Você não tem permissão para esta ação.", permission=permission)

    def access_in(self, company: str) -> CompanyAccess:
        """Of the company that somebody signs in to."""
        return CompanyAccess(self.tenant.of(company))

    def audit(self, action: str, subject: str, /, **details: Any) -> None:
        """Who did what to whom, in the same transaction; `details` hold no secret."""
        self.access.audit.add(self.audited(action, subject, self.actor.id, self.actor.name, **details))

    def audited(self, action: str, subject: str, actor_id: str, actor_name: str, /, **details: Any) -> dict[str, Any]:
        actor = {"id": actor_id, "name": actor_name}
        record = {"_id": self.new_id(), "at": self.now, "actor": actor, "action": action}
        return {**record, "subject": subject, "details": details}
