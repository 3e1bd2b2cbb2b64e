"""People: the registry of persons, and the installation's users and companies. What it can do, by name."""

from __future__ import annotations

from services.chassis.runtime import Runtime, Service
from services.people import contract, store
from services.people.store import PeopleSession
from services.people.use_cases import companies, exports, imports, keys, persons, roles, sessions, users
from services.people.use_cases.importing import make_importer


class People(Service):
    name = contract.SERVICE
    session = PeopleSession
    indexes = store.INDEXES
    works = {"imports": make_importer}
    expiries = store.EXPIRIES
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

    # signing in, approvals: row G3
    sign_in = sessions.sign_in
    refresh_session = sessions.refresh_session
    sign_out = sessions.sign_out
    approve_action = sessions.approve_action

    # users, roles, keys, the company: row P9
    create_user = users.create_user
    change_user = users.change_user
    join_company = users.join_company
    reset_password = users.reset_password
    change_own_password = users.change_own_password
    get_user = users.get_user
    list_users = users.list_users
    define_role = roles.define_role
    change_role = roles.change_role
    delete_role = roles.delete_role
    list_roles = roles.list_roles
    create_key = keys.create_key
    revoke_key = keys.revoke_key
    get_key = keys.get_key
    list_keys = keys.list_keys
    verify_key = keys.verify_key
    get_company = companies.get_company
    change_company = companies.change_company
    list_access_audit = companies.list_access_audit
