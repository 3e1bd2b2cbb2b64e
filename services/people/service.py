"""People: the registry of persons, and the installation's users and companies. What it can do, by name."""

from __future__ import annotations

from services.chassis.runtime import Runtime, Service
from services.people import contract, store
from services.people.store import PeopleSession
from services.people.use_cases import exports, imports, persons, users
from services.people.use_cases.importing import make_importer


class People(Service):
    name = contract.SERVICE
    session = PeopleSession
    indexes = store.INDEXES
    works = {"imports": make_importer}
    runtime = Runtime()

    # persons: rows P1 to P4
    register_person = persons.register_person
    add_address = persons.add_address
    add_contact = persons.add_contact
    get_person = persons.get_person
    search_persons = persons.search_persons

    # imports and exports: row P8
    begin_import = imports.begin_import
    add_import_part = imports.add_import_part
    recognise_import = imports.recognise_import
    change_import = imports.change_import
    start_import = imports.start_import
    cancel_import = imports.cancel_import
    get_import = imports.get_import
    list_imports = imports.list_imports
    get_import_preview = imports.get_import_preview
    get_import_report = imports.get_import_report
    begin_export = exports.begin_export
    list_export_rows = exports.list_export_rows

    # users and companies: rows P9, G3
    sign_in = users.sign_in
