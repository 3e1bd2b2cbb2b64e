"""The session of a use case of `people`: the repositories of one company, and the access audit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from services.chassis.access.context import INSTALLATION
from services.chassis.access.roles import BUILT_IN_ROLES
from services.chassis.errors import Forbidden
from services.chassis.handling.session import Namer, Session, repository
from services.chassis.lazy import lazy
from services.chassis.references import PERSONS, USERS
from services.chassis.storage.tenant import Tenant
from services.people.access import repository as access_repository
from services.people.access.contract import ROLES
from services.people.access.repository import CompanyAccess
from services.people.access_log import repository as access_log_repository
from services.people.access_log.repository import AccessLog
from services.people.audiences.repository import AUDIENCES, Audiences
from services.people.categories import repository as categories_repository
from services.people.categories.contract import CATEGORIES, CHARACTERISTICS
from services.people.categories.model import CATEGORIES as BUILT_IN_CATEGORIES
from services.people.categories.model import Category, Characteristic
from services.people.categories.repository import Catalogue
from services.people.companies import repository as companies_repository
from services.people.companies.repository import Companies
from services.people.consents import repository as consents_repository
from services.people.consents.repository import Consents
from services.people.erasure import repository as erasure_repository
from services.people.erasure.repository import Erasures
from services.people.exports import repository as exports_repository
from services.people.exports.repository import Exports
from services.people.imports import repository as imports_repository
from services.people.imports.repository import Imports
from services.people.merging import repository as merging_repository
from services.people.merging.repository import Merges
from services.people.persons import duplicates
from services.people.persons import repository as persons_repository
from services.people.persons.duplicates import Duplicates
from services.people.persons.repository import Persons
from services.people.sessions import repository as sessions_repository
from services.people.sessions.repository import AllTries
from services.people.users import repository as users_repository
from services.people.users.actors import access_now
from services.people.users.repository import Users

INDEXES = (
    *persons_repository.INDEXES,
    *categories_repository.INDEXES,
    *duplicates.INDEXES,
    *imports_repository.INDEXES,
    *exports_repository.INDEXES,
    *users_repository.INDEXES,
    *companies_repository.INDEXES,
    *access_repository.INDEXES,
    *merging_repository.INDEXES,
    *erasure_repository.INDEXES,
    *consents_repository.INDEXES,
    *access_log_repository.INDEXES,
)

DERIVED = (users_repository.DERIVED,)
RECOMPUTED = (persons_repository.RECOMPUTED,)
EXPIRIES = (*access_repository.EXPIRIES, *sessions_repository.EXPIRIES)
RETENTIONS = (
    *access_repository.RETENTIONS,
    *access_log_repository.RETENTIONS,
    *exports_repository.RETENTIONS,
    *imports_repository.RETENTIONS,
)

# A turn of who merges persons, undoes it, or has one erased with all who are merged into it: none sees the others'.
MEMBERS = "members_of_persons"


class PeopleSession(Session):
    merges = repository(lambda session: Merges(session.collection("merges")))
    erasures = repository(lambda session: Erasures(session.collection("erasures")))
    consents = repository(
        lambda session: Consents(session.collection("consents"), session.collection("consent_purposes"))
    )
    audiences = repository(lambda session: Audiences(session.collection(AUDIENCES)))
    access_log = repository(lambda session: AccessLog(session.collection("looks")))
    duplicates = repository(lambda session: Duplicates(session.collection("duplicates")))
    categories = repository(
        lambda session: Catalogue(session.collection("categories"), Category, "category", "categoria")
    )
    characteristics = repository(
        lambda session: Catalogue(
            session.collection("characteristics"), Characteristic, "characteristic", "característica"
        )
    )
    exports = repository(lambda session: Exports(session.collection("exports")))
    access = repository(lambda session: CompanyAccess(session.tenant))

    @lazy
    def persons(self) -> Persons:
        documents, numbers, merges = (self.collection(name) for name in ("persons", "numbers", "merges"))
        return Persons(documents, numbers, merges, self.redirects)

    @lazy
    def imports(self) -> Imports:
        imports, parts, reports = (self.collection(name) for name in ("imports", "import_parts", "import_reports"))
        return Imports(imports, parts, reports, self.now)

    @lazy
    def _installation(self) -> Tenant:
        """A user may belong to several companies, and signs in before one is known."""
        return self.tenant.of(INSTALLATION)

    @lazy
    def users(self) -> Users:
        """Compared and signed by the repository: a user has a version for each company (users/model.py)."""
        return Users(self._installation.collection("users"), self.tenant.expected, self.tenant.signature)

    @lazy
    def tries(self) -> AllTries:
        return AllTries(self._installation.collection("tries"), self._installation.collection("known_addresses"))

    @lazy
    def companies(self) -> Companies:
        """A company's own record is edited as any record of the company: its version is compared, who did it is
        kept."""
        edited = self.tenant.of(INSTALLATION)
        edited.expected, edited.signature = self.tenant.expected, self.tenant.signature
        return Companies(edited.collection("companies"))

    @lazy
    def namers(self) -> dict[str, Namer]:
        return {
            USERS: lambda ids: self._installation.cached("users").names(ids),
            PERSONS: self._seen_persons,
            CATEGORIES: self.namer(CATEGORIES, built_in=BUILT_IN_CATEGORIES),
            CHARACTERISTICS: self.namer(CHARACTERISTICS),
            ROLES: self.namer(ROLES, built_in=BUILT_IN_ROLES),
        }

    def _seen_persons(self, person_ids: Collection[str]) -> dict[str, str | None]:
        """The names of those that the user sees."""
        rows = self.tenant.collection("persons").visible
        found = rows.find({"_id": {"$in": sorted(person_ids)}}, [("_id", 1)], len(person_ids))
        return {person["_id"]: person["name"] for person in found}

    def name_of_own(self, company: str, person_id: str | None) -> str | None:
        """Of the person that a member of the company is: their own, so no role hides it from them."""
        return self.tenant.of(company).cached("persons").names([person_id]).get(person_id) if person_id else None

    def confirm_actor(self, permission: str) -> None:
        """Replaces the access in the actor's token by the current one; raises what users/actors.py raises, and
        Forbidden("permission_missing")."""
        access = access_now(self.access, self.users, self.company, self.actor, self.now)
        self.actor = replace(self.actor, permissions=tuple(sorted(access.permissions)), scopes=access.scopes)
        if permission not in access.permissions:
            raise Forbidden("permission_missing", "Você não tem permissão para esta ação.", permission=permission)

    def access_in(self, company: str) -> CompanyAccess:
        """The access repositories of another company, as the one that a user signs in to."""
        return CompanyAccess(self.tenant.of(company))

    def audit(self, action: str, subject: str, /, **details: Any) -> None:
        """Records an administrative act of the actor, in the same transaction; `details` hold no secret."""
        self.access.audit.add(self.audited(action, subject, self.actor.id, self.actor.name, **details))

    def audited(self, action: str, subject: str, actor_id: str, actor_name: str, /, **details: Any) -> dict[str, Any]:
        actor = {"id": actor_id, "name": actor_name}
        record = {"_id": self.new_id(), "at": self.now, "actor": actor, "action": action}
        return {**record, "subject": subject, "details": details}
