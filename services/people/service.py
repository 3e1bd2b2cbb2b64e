"""People: the registry of persons, and the installation's users and companies. The list of its use cases."""

from __future__ import annotations

from typing import ClassVar

from services.chassis.process.runtime import Runtime
from services.chassis.process.service import Service
from services.people import events, visibility
from services.people import session as people_session
from services.people.access import commands as access_commands
from services.people.access import queries as access_queries
from services.people.access_log import commands as access_log_commands
from services.people.access_log import queries as access_log_queries
from services.people.audiences import subscribers as audiences_subscribers
from services.people.audiences.jobs import make_gatherer
from services.people.audiences.repository import AUDIENCES
from services.people.categories import commands as categories_commands
from services.people.categories import queries as categories_queries
from services.people.companies import commands as companies_commands
from services.people.companies import queries as companies_queries
from services.people.consents import commands as consents_commands
from services.people.consents import queries as consents_queries
from services.people.consents import subscribers as consents_subscribers
from services.people.erasure import commands as erasure_commands
from services.people.erasure import queries as erasure_queries
from services.people.erasure import subscribers as erasure_subscribers
from services.people.erasure.jobs import make_eraser
from services.people.exports import commands as exports_commands
from services.people.exports import queries as exports_queries
from services.people.imports import commands as imports_commands
from services.people.imports import queries as imports_queries
from services.people.imports.jobs import make_importer
from services.people.keys import commands as keys_commands
from services.people.keys import queries as keys_queries
from services.people.lists import commands as lists_commands
from services.people.merging import commands as merging_commands
from services.people.merging import queries as merging_queries
from services.people.options import queries as options_queries
from services.people.personal_data import INVENTORY
from services.people.persons import commands as persons_commands
from services.people.persons import queries as persons_queries
from services.people.relations import commands as relations_commands
from services.people.relations import queries as relations_queries
from services.people.session import PeopleSession
from services.people.sessions import commands as sessions_commands
from services.people.sessions import queries as sessions_queries
from services.people.users import commands as users_commands
from services.people.users import queries as users_queries


class People(Service):
    name = events.SERVICE
    session = PeopleSession
    indexes = people_session.INDEXES
    derived = people_session.DERIVED
    recomputed = people_session.RECOMPUTED
    inventory = INVENTORY
    visibility_rules = visibility.VISIBILITY_RULES
    jobs: ClassVar = {"imports": make_importer, "erasing": make_eraser, AUDIENCES: make_gatherer}
    expiries = people_session.EXPIRIES
    retentions = people_session.RETENTIONS
    runtime = Runtime()

    # persons: rows P1, P2, P7
    register_person = persons_commands.register_person
    change_person = persons_commands.change_person
    inactivate_person = persons_commands.inactivate_person
    reactivate_person = persons_commands.reactivate_person
    get_person = persons_queries.get_person
    search_persons = persons_queries.search_persons
    list_person_suggestions = persons_queries.list_person_suggestions
    list_duplicates = persons_queries.list_duplicates
    list_cities = persons_queries.list_cities

    # categories and characteristics: row P3
    list_categories = categories_queries.list_categories
    create_category = categories_commands.create_category
    change_category = categories_commands.change_category
    remove_category = categories_commands.remove_category
    list_characteristics = categories_queries.list_characteristics
    create_characteristic = categories_commands.create_characteristic
    change_characteristic = categories_commands.change_characteristic
    remove_characteristic = categories_commands.remove_characteristic

    # e-mails, phones, addresses, contacts: row P4
    add_email = lists_commands.add_email
    change_email = lists_commands.change_email
    remove_email = lists_commands.remove_email
    add_phone = lists_commands.add_phone
    change_phone = lists_commands.change_phone
    remove_phone = lists_commands.remove_phone
    add_address = lists_commands.add_address
    change_address = lists_commands.change_address
    remove_address = lists_commands.remove_address
    add_contact = lists_commands.add_contact
    change_contact = lists_commands.change_contact
    remove_contact = lists_commands.remove_contact

    # related persons: row P5
    relate_persons = relations_commands.relate_persons
    unrelate_persons = relations_commands.unrelate_persons
    get_relation = relations_queries.get_relation
    search_related = relations_queries.search_related

    # the person's options: row P6
    get_opened_person = options_queries.get_opened_person

    # merging, and the rights of persons over their data: row P7
    get_merge_preview = merging_queries.get_merge_preview
    merge_persons = merging_commands.merge_persons
    unmerge_person = merging_commands.unmerge_person
    list_merged_persons = merging_queries.list_merged_persons
    decide_consent = consents_commands.decide_consent
    list_consents = consents_queries.list_consents
    list_consent_history = consents_queries.list_consent_history
    add_consent_purpose = consents_commands.add_consent_purpose
    list_consent_purposes = consents_queries.list_consent_purposes
    erase_person = erasure_commands.erase_person
    get_erasure = erasure_queries.get_erasure
    get_person_data = erasure_queries.get_person_data
    # mailings: row N6
    on_notifications_mailing_gathering_started = audiences_subscribers.on_notifications_mailing_gathering_started
    on_notifications_recipient_opted_out = consents_subscribers.on_notifications_recipient_opted_out

    on_attendance_person_data_erased = erasure_subscribers.on_attendance_person_data_erased
    on_sales_person_data_erased = erasure_subscribers.on_sales_person_data_erased
    on_scheduling_person_data_erased = erasure_subscribers.on_scheduling_person_data_erased
    on_notifications_person_data_erased = erasure_subscribers.on_notifications_person_data_erased
    record_look = access_log_commands.record_look
    record_looks = access_log_commands.record_looks
    list_looks = access_log_queries.list_looks

    # imports and exports: row P8
    begin_import = imports_commands.begin_import
    add_import_part = imports_commands.add_import_part
    recognise_import = imports_commands.recognise_import
    change_import = imports_commands.change_import
    start_import = imports_commands.start_import
    cancel_import = imports_commands.cancel_import
    get_import = imports_queries.get_import
    list_imports = imports_queries.list_imports
    get_import_preview = imports_queries.get_import_preview
    get_import_report = imports_queries.get_import_report
    begin_export = exports_commands.begin_export
    list_export_rows = exports_queries.list_export_rows

    # signing in, approvals: row G3
    get_session = sessions_queries.get_session
    sign_in = sessions_commands.sign_in
    refresh_session = sessions_commands.refresh_session
    sign_out = sessions_commands.sign_out
    approve_action = sessions_commands.approve_action

    # users, roles, keys, the company: row P9
    create_user = users_commands.create_user
    change_user = users_commands.change_user
    join_company = users_commands.join_company
    reset_password = users_commands.reset_password
    change_own_password = users_commands.change_own_password
    get_user = users_queries.get_user
    list_users = users_queries.list_users
    list_colleagues = users_queries.list_colleagues
    define_role = access_commands.define_role
    change_role = access_commands.change_role
    delete_role = access_commands.delete_role
    list_roles = access_queries.list_roles
    create_key = keys_commands.create_key
    revoke_key = keys_commands.revoke_key
    revoke_keys_of = keys_commands.revoke_keys_of
    get_key = keys_queries.get_key
    list_keys = keys_queries.list_keys
    verify_key = keys_commands.verify_key
    get_company = companies_queries.get_company
    change_company = companies_commands.change_company
    list_access_audit = access_queries.list_access_audit
