"""Sales: opportunities and what comes of them. An opportunity's conversation is an attendance (architecture.md)."""

from __future__ import annotations

from typing import ClassVar

from services.chassis.personal_data import erasure
from services.chassis.process.runtime import Runtime
from services.chassis.process.service import Service
from services.sales import events, personal_data, visibility
from services.sales import session as sales_session
from services.sales import subscribers as sales_subscribers
from services.sales.actions import commands as actions_commands
from services.sales.actions import queries as actions_queries
from services.sales.closing import commands as closing_commands
from services.sales.closing import queries as closing_queries
from services.sales.commission import commands as commission_commands
from services.sales.commission import queries as commission_queries
from services.sales.contracts import commands as contracts_commands
from services.sales.contracts import queries as contracts_queries
from services.sales.contracts.jobs import make_biller
from services.sales.contracts.repository import WORKS as BILLED_CONTRACTS
from services.sales.corrections import commands as corrections_commands
from services.sales.corrections import queries as corrections_queries
from services.sales.corrections.jobs import make_corrector
from services.sales.corrections.repository import WORKS as LETTERS
from services.sales.dashboards import queries as dashboards_queries
from services.sales.documents import commands as documents_commands
from services.sales.documents import queries as documents_queries
from services.sales.filing import commands as filing_commands
from services.sales.fiscal import commands as fiscal_commands
from services.sales.fiscal import queries as fiscal_queries
from services.sales.letterhead import commands as letterhead_commands
from services.sales.letterhead import queries as letterhead_queries
from services.sales.lost_reasons import commands as lost_reasons_commands
from services.sales.lost_reasons import queries as lost_reasons_queries
from services.sales.markers import commands as markers_commands
from services.sales.markers import queries as markers_queries
from services.sales.nfe import commands as nfe_commands
from services.sales.nfe import queries as nfe_queries
from services.sales.nfe.jobs import make_transmitter
from services.sales.nfe.pending_work import MAIL_WORKS as MAILS
from services.sales.nfe.repository import WORKS
from services.sales.nfe_mails import commands as nfe_mails_commands
from services.sales.nfe_mails.jobs import make_mailer
from services.sales.opportunities import commands as opportunities_commands
from services.sales.opportunities import queries as opportunities_queries
from services.sales.orders import commands as orders_commands
from services.sales.orders import queries as orders_queries
from services.sales.pipeline import commands as pipeline_commands
from services.sales.pipeline import queries as pipeline_queries
from services.sales.products import commands as products_commands
from services.sales.products import queries as products_queries
from services.sales.quote_links import commands as quote_links_commands
from services.sales.quote_links import queries as quote_links_queries
from services.sales.quotes import commands as quotes_commands
from services.sales.quotes import queries as quotes_queries
from services.sales.receivables import commands as receivables_commands
from services.sales.receivables import queries as receivables_queries
from services.sales.service_orders import commands as service_orders_commands
from services.sales.service_orders import queries as service_orders_queries
from services.sales.session import SalesSession
from services.sales.settings import commands as settings_commands
from services.sales.settings import queries as settings_queries
from services.sales.templates import commands as templates_commands
from services.sales.templates import queries as templates_queries
from services.sales.voiding import commands as voiding_commands
from services.sales.voiding import queries as voiding_queries
from services.sales.voiding.jobs import make_voider
from services.sales.voiding.repository import WORKS as VOIDINGS


class Sales(Service):
    name = events.SERVICE
    session = SalesSession
    indexes = sales_session.INDEXES
    inventory = personal_data.INVENTORY
    derived = sales_session.DERIVED
    visibility_rules = visibility.VISIBILITY_RULES
    jobs: ClassVar = {
        "erasures": erasure.worker(events.PERSON_DATA_ERASED),
        WORKS: make_transmitter,
        LETTERS: make_corrector,
        VOIDINGS: make_voider,
        MAILS: make_mailer,
        BILLED_CONTRACTS: make_biller,
    }
    runtime = Runtime()

    # opportunities: rows S1, S6, S9
    create_opportunity = opportunities_commands.create_opportunity
    change_opportunity = opportunities_commands.change_opportunity
    move_opportunity = opportunities_commands.move_opportunity
    get_opportunity = opportunities_queries.get_opportunity

    # closing and reopening: rows S15, S16, S21
    close_opportunity_as_won = closing_commands.close_opportunity_as_won
    close_opportunity_as_lost = closing_commands.close_opportunity_as_lost
    reopen_opportunity = closing_commands.reopen_opportunity
    list_turns = closing_queries.list_turns

    # the company's reasons of a loss: row S15
    list_lost_reasons = lost_reasons_queries.list_lost_reasons
    add_lost_reason = lost_reasons_commands.add_lost_reason
    change_lost_reason = lost_reasons_commands.change_lost_reason
    archive_lost_reason = lost_reasons_commands.archive_lost_reason
    unarchive_lost_reason = lost_reasons_commands.unarchive_lost_reason
    delete_lost_reason = lost_reasons_commands.delete_lost_reason

    # archiving, deleting, marking, one or many: rows S7, S9
    archive_opportunity = filing_commands.archive_opportunity
    unarchive_opportunity = filing_commands.unarchive_opportunity
    delete_opportunity = filing_commands.delete_opportunity
    archive_opportunities = filing_commands.archive_opportunities
    unarchive_opportunities = filing_commands.unarchive_opportunities
    delete_opportunities = filing_commands.delete_opportunities
    mark_opportunities = filing_commands.mark_opportunities

    # lists and the board: rows S2, S6 to S9
    list_opportunities = opportunities_queries.list_opportunities
    search_opportunities = opportunities_queries.search_opportunities
    list_follow_ups = opportunities_queries.list_follow_ups
    list_idle_opportunities = opportunities_queries.list_idle_opportunities
    list_archived_opportunities = opportunities_queries.list_archived_opportunities
    get_pipeline = opportunities_queries.get_pipeline
    list_pipeline_cards = opportunities_queries.list_pipeline_cards

    # figures for dashboards
    get_outcomes = dashboards_queries.get_outcomes
    get_conversion = dashboards_queries.get_conversion
    get_receivables_by_month = dashboards_queries.get_receivables_by_month

    # actions, and the report that counts them: rows S4, S10
    add_action = actions_commands.add_action
    change_action = actions_commands.change_action
    settle_action = actions_commands.settle_action
    list_actions = actions_queries.list_actions
    list_pending_actions = actions_queries.list_pending_actions
    get_action_report = actions_queries.get_action_report

    # configuration: rows S5, S7, S8
    list_stages = pipeline_queries.list_stages
    add_stage = pipeline_commands.add_stage
    change_stage = pipeline_commands.change_stage
    delete_stage = pipeline_commands.delete_stage
    list_markers = markers_queries.list_markers
    add_marker = markers_commands.add_marker
    change_marker = markers_commands.change_marker
    delete_marker = markers_commands.delete_marker
    get_sales_settings = settings_queries.get_sales_settings
    change_sales_settings = settings_commands.change_sales_settings

    # quotes: row S11
    make_quote = quotes_commands.make_quote
    revise_quote = quotes_commands.revise_quote
    approve_quote = quotes_commands.approve_quote
    reject_quote = quotes_commands.reject_quote
    get_quote = quotes_queries.get_quote
    list_quotes = quotes_queries.list_quotes
    search_quotes = quotes_queries.search_quotes

    # how the company shows itself on documents and pages: rows S12, S25
    get_letterhead = letterhead_queries.get_letterhead
    change_letterhead = letterhead_commands.change_letterhead

    # the customer's page of a quote: row S25
    make_quote_link = quote_links_commands.make_quote_link
    revoke_quote_link = quote_links_commands.revoke_quote_link
    list_quote_links = quote_links_queries.list_quote_links
    list_quote_answers = quote_links_queries.list_quote_answers
    get_shared_quote = quote_links_queries.get_shared_quote
    answer_quote = quote_links_commands.answer_quote

    # templates of documents, what a document is made of, and sending it: rows S12, S23
    add_template = templates_commands.add_template
    change_template = templates_commands.change_template
    delete_template = templates_commands.delete_template
    choose_template = templates_commands.choose_template
    get_template = templates_queries.get_template
    list_templates = templates_queries.list_templates
    get_document_source = documents_queries.get_document_source
    send_document = documents_commands.send_document
    list_sendings = documents_queries.list_sendings

    # the catalogue of products: row S24
    add_product = products_commands.add_product
    change_product = products_commands.change_product
    deactivate_product = products_commands.deactivate_product
    activate_product = products_commands.activate_product
    import_products = products_commands.import_products
    get_product = products_queries.get_product
    list_products = products_queries.list_products

    # orders and purchases: rows S13, S14
    place_order = orders_commands.place_order
    cancel_order = orders_commands.cancel_order
    delete_order = orders_commands.delete_order
    get_order = orders_queries.get_order
    list_orders = orders_queries.list_orders
    search_orders = orders_queries.search_orders

    # receivables: row S18
    put_receivable = receivables_commands.put_receivable
    settle_receivable = receivables_commands.settle_receivable
    withdraw_receivable = receivables_commands.withdraw_receivable
    reverse_payment = receivables_commands.reverse_payment
    unsettle_receivable = receivables_commands.unsettle_receivable
    get_receivable = receivables_queries.get_receivable
    list_receivables = receivables_queries.list_receivables
    list_receivables_of_contract = receivables_queries.list_receivables_of_contract
    list_receivables_of_order = receivables_queries.list_receivables_of_order

    # contracts: row S17
    put_contract = contracts_commands.put_contract
    suspend_contract = contracts_commands.suspend_contract
    resume_contract = contracts_commands.resume_contract
    stop_contract = contracts_commands.stop_contract
    bill_period = contracts_commands.bill_period
    get_contract = contracts_queries.get_contract
    list_contracts = contracts_queries.list_contracts
    get_billing_preview = contracts_queries.get_billing_preview

    # the commission account, its closings and rates: row S19
    list_commission_entries = commission_queries.list_commission_entries
    list_commission_items = commission_queries.list_commission_items
    get_commission_entry = commission_queries.get_commission_entry
    get_commission_balance = commission_queries.get_commission_balance
    list_commission_balances = commission_queries.list_commission_balances
    list_commission_closings = commission_queries.list_commission_closings
    get_commission_closing = commission_queries.get_commission_closing
    list_closed_entries = commission_queries.list_closed_entries
    close_commission = commission_commands.close_commission
    put_commission_rate = commission_commands.put_commission_rate
    delete_commission_rate = commission_commands.delete_commission_rate
    list_commission_rates = commission_queries.list_commission_rates
    # service orders and service invoices: row S20
    put_service_order = service_orders_commands.put_service_order
    finish_service_order = service_orders_commands.finish_service_order
    cancel_service_order = service_orders_commands.cancel_service_order
    get_service_order = service_orders_queries.get_service_order
    list_service_orders = service_orders_queries.list_service_orders
    put_service_invoice = service_orders_commands.put_service_invoice
    get_service_invoice = service_orders_queries.get_service_invoice
    list_service_invoices = service_orders_queries.list_service_invoices

    # NF-e: row S22
    get_nfe_data = nfe_queries.get_nfe_data
    get_nfe_data_of_quote = nfe_queries.get_nfe_data_of_quote
    request_nfe = nfe_commands.request_nfe
    submit_nfe = nfe_commands.submit_nfe
    cancel_nfe = nfe_commands.cancel_nfe
    get_nfe = nfe_queries.get_nfe
    list_nfes = nfe_queries.list_nfes
    get_nfe_xml = nfe_queries.get_nfe_xml
    send_nfe = nfe_mails_commands.send_nfe
    correct_nfe = corrections_commands.correct_nfe
    list_corrections = corrections_queries.list_corrections
    get_correction_xml = corrections_queries.get_correction_xml
    void_numbers = voiding_commands.void_numbers
    get_voiding = voiding_queries.get_voiding
    list_voidings = voiding_queries.list_voidings
    enter_contingency = fiscal_commands.enter_contingency
    leave_contingency = fiscal_commands.leave_contingency
    get_fiscal_settings = fiscal_queries.get_fiscal_settings
    change_fiscal_settings = fiscal_commands.change_fiscal_settings
    put_fiscal_certificate = fiscal_commands.put_fiscal_certificate
    get_fiscal_certificate = fiscal_queries.get_fiscal_certificate
    remove_fiscal_certificate = fiscal_commands.remove_fiscal_certificate

    # what other services announce
    on_attendance_attendance_opened = sales_subscribers.on_attendance_attendance_opened
    on_attendance_attendance_filed = sales_subscribers.on_attendance_attendance_filed
    on_attendance_flow_changed = sales_subscribers.on_attendance_flow_changed
    on_people_person_registered = sales_subscribers.on_people_person_registered
    on_people_persons_imported = sales_subscribers.on_people_persons_imported
    on_people_person_changed = sales_subscribers.on_people_person_changed
    on_people_company_changed = sales_subscribers.on_people_company_changed
    on_people_user_changed = sales_subscribers.on_people_user_changed
    on_attendance_entry_recorded = sales_subscribers.on_attendance_entry_recorded
    on_attendance_attendance_closed = sales_subscribers.on_attendance_attendance_closed

    # merging, and the rights of persons over their data: row P7
    on_people_person_merged = personal_data.on_people_person_merged
    on_people_person_unmerged = personal_data.on_people_person_unmerged
    on_people_person_erasure_requested = personal_data.on_people_person_erasure_requested
    get_person_data = personal_data.get_person_data
