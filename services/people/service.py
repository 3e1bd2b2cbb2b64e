"""People: the registry of persons, and the installation's users and companies. What it can do, by name."""

from __future__ import annotations

from typing import ClassVar

from services.chassis.runtime import Runtime, Service
from services.people import contract, store
from services.people.erasing import make_eraser
from services.people.store import PeopleSession
from services.people.store.holdings import HOLDINGS
from services.people.use_cases import (
    audit,
    categories,
    companies,
    consents,
    erasure,
    exports,
    imports,
    keys,
    lists,
    merge,
    opening,
    persons,
    relations,
    roles,
    sessions,
    users,
)
from services.people.use_cases.importing import make_importer


class People(Service):
    name = contract.SERVICE
    session = PeopleSession
    indexes = store.INDEXES
    holdings = HOLDINGS
    seeables = store.SEEABLES
    works: ClassVar = {"imports": make_importer, "erasing": make_eraser}
    expiries = store.EXPIRIES
    retentions = store.RETENTIONS
    runtime = Runtime()

    # persons: rows P1, P2, P7
    register_person = persons.register_person
    change_person = persons.change_person
    inactivate_person = persons.inactivate_person
    reactivate_person = persons.reactivate_person
    get_person = persons.get_person
    search_persons = persons.search_persons
    list_duplicates = persons.list_duplicates
    list_cities = persons.list_cities

    # categories and characteristics: row P3
    list_categories = categories.list_categories
    create_category = categories.create_category
    change_category = categories.change_category
    remove_category = categories.remove_category
    list_characteristics = categories.list_characteristics
    create_characteristic = categories.create_characteristic
    change_characteristic = categories.change_characteristic
    remove_characteristic = categories.remove_characteristic

    # e-mails, phones, addresses, contacts: row P4
    add_email = lists.add_email
    change_email = lists.change_email
    remove_email = lists.remove_email
    add_phone = lists.add_phone
    change_phone = lists.change_phone
    remove_phone = lists.remove_phone
    add_address = lists.add_address
    change_address = lists.change_address
    remove_address = lists.remove_address
    add_contact = lists.add_contact
    change_contact = lists.change_contact
    remove_contact = lists.remove_contact

    # related persons: row P5
    relate_persons = relations.relate_persons
    unrelate_persons = relations.unrelate_persons
    get_relation = relations.get_relation
    search_related = relations.search_related

    # the person's options: row P6
    get_opened_person = opening.get_opened_person

    # merging, and the rights of persons over their data: row P7
    get_merge_preview = merge.get_merge_preview
    merge_persons = merge.merge_persons
    unmerge_person = merge.unmerge_person
    list_merged_persons = merge.list_merged_persons
    decide_consent = consents.decide_consent
    list_consents = consents.list_consents
    list_consent_history = consents.list_consent_history
    add_consent_purpose = consents.add_consent_purpose
    list_consent_purposes = consents.list_consent_purposes
    erase_person = erasure.erase_person
    get_erasure = erasure.get_erasure
    get_person_data = erasure.get_person_data
    on_attendance_person_data_erased = erasure.on_attendance_person_data_erased
    on_sales_person_data_erased = erasure.on_sales_person_data_erased
    on_scheduling_person_data_erased = erasure.on_scheduling_person_data_erased
    on_notifications_person_data_erased = erasure.on_notifications_person_data_erased
    record_look = audit.record_look
    list_looks = audit.list_looks

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
    revoke_keys_of = keys.revoke_keys_of
    get_key = keys.get_key
    list_keys = keys.list_keys
    verify_key = keys.verify_key
    get_company = companies.get_company
    change_company = companies.change_company
    list_access_audit = companies.list_access_audit
