"""Where `people` keeps its records; the only folder here that knows Mongo."""

from __future__ import annotations

from services.chassis.session import Session
from services.people.store import exports, imports, persons, users
from services.people.store.exports import Exports
from services.people.store.imports import Imports
from services.people.store.persons import Persons
from services.people.store.users import Companies, Users

INDEXES = (*persons.INDEXES, *imports.INDEXES, *exports.INDEXES, *users.INDEXES)


class PeopleSession(Session):
    def open(self) -> None:
        self.persons = Persons(self.tenant.collection("persons"), self.tenant.collection("numbers"))
        self.imports = Imports(
            self.tenant.collection("imports"),
            self.tenant.collection("import_parts"),
            self.tenant.collection("import_reports"),
        )
        self.exports = Exports(self.tenant.collection("exports"))
        self.users = Users(self.tenant.collection("users"))
        self.companies = Companies(self.tenant.collection("companies"))
