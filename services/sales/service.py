"""Sales: opportunities and what comes of them. An opportunity's conversation is an attendance (architecture.md)."""

from __future__ import annotations

from typing import ClassVar

from services.chassis import erasure
from services.chassis.runtime import Runtime, Service
from services.sales import contract, store
from services.sales.fiscal.transmitter import make_transmitter
from services.sales.store import SalesSession
from services.sales.store.nfe import WORKS
from services.sales.use_cases import (
    actions,
    closing,
    commission,
    contracts,
    documents,
    filing,
    fiscal,
    heard,
    lists,
    markers,
    nfe,
    opportunities,
    orders,
    person_rights,
    quotes,
    receivables,
    report,
    service_orders,
    stages,
    templates,
)


class Sales(Service):
    name = contract.SERVICE
    session = SalesSession
    indexes = store.INDEXES
    holdings = store.HOLDINGS
    derived = store.DERIVED
    seeables = store.SEEABLES
    works: ClassVar = {"erasures": erasure.worker(contract.PERSON_DATA_ERASED), WORKS: make_transmitter}
    runtime = Runtime()

    # opportunities: rows S1, S6, S9
    create_opportunity = opportunities.create_opportunity
    change_opportunity = opportunities.change_opportunity
    move_opportunity = opportunities.move_opportunity
    get_opportunity = opportunities.get_opportunity

    # closing and reopening: rows S15, S16, S21
    close_opportunity_as_won = closing.close_opportunity_as_won
    close_opportunity_as_lost = closing.close_opportunity_as_lost
    reopen_opportunity = closing.reopen_opportunity
    list_turns = closing.list_turns
    list_lost_reasons = closing.list_lost_reasons

    # archiving, deleting, marking, one or many: rows S7, S9
    archive_opportunity = filing.archive_opportunity
    unarchive_opportunity = filing.unarchive_opportunity
    delete_opportunity = filing.delete_opportunity
    archive_opportunities = filing.archive_opportunities
    unarchive_opportunities = filing.unarchive_opportunities
    delete_opportunities = filing.delete_opportunities
    mark_opportunities = filing.mark_opportunities

    # lists and the board: rows S2, S6 to S9
    list_opportunities = lists.list_opportunities
    search_opportunities = lists.search_opportunities
    list_follow_ups = lists.list_follow_ups
    list_idle_opportunities = lists.list_idle_opportunities
    list_archived_opportunities = lists.list_archived_opportunities
    get_pipeline = lists.get_pipeline

    # actions, and the report that counts them: rows S4, S10
    add_action = actions.add_action
    change_action = actions.change_action
    settle_action = actions.settle_action
    list_actions = actions.list_actions
    list_pending_actions = actions.list_pending_actions
    get_action_report = report.get_action_report

    # configuration: rows S5, S7, S8
    list_stages = stages.list_stages
    add_stage = stages.add_stage
    change_stage = stages.change_stage
    delete_stage = stages.delete_stage
    list_markers = markers.list_markers
    add_marker = markers.add_marker
    change_marker = markers.change_marker
    delete_marker = markers.delete_marker
    get_sales_settings = markers.get_sales_settings
    change_sales_settings = markers.change_sales_settings

    # quotes: row S11
    make_quote = quotes.make_quote
    revise_quote = quotes.revise_quote
    approve_quote = quotes.approve_quote
    reject_quote = quotes.reject_quote
    get_quote = quotes.get_quote
    list_quotes = quotes.list_quotes

    # templates of documents, what a document is made of, and sending it: rows S12, S23
    add_template = templates.add_template
    change_template = templates.change_template
    delete_template = templates.delete_template
    choose_template = templates.choose_template
    get_template = templates.get_template
    list_templates = templates.list_templates
    get_document_source = documents.get_document_source
    send_document = documents.send_document
    list_sendings = documents.list_sendings

    # orders and purchases: rows S13, S14
    place_order = orders.place_order
    cancel_order = orders.cancel_order
    delete_order = orders.delete_order
    get_order = orders.get_order
    list_orders = orders.list_orders

    # receivables: row S18
    put_receivable = receivables.put_receivable
    settle_receivable = receivables.settle_receivable
    unsettle_receivable = receivables.unsettle_receivable
    get_receivable = receivables.get_receivable
    list_receivables = receivables.list_receivables

    # contracts: row S17
    put_contract = contracts.put_contract
    suspend_contract = contracts.suspend_contract
    resume_contract = contracts.resume_contract
    stop_contract = contracts.stop_contract
    get_contract = contracts.get_contract
    list_contracts = contracts.list_contracts

    # the commission account, its closings and rates: row S19
    list_commission_entries = commission.list_commission_entries
    list_commission_items = commission.list_commission_items
    get_commission_entry = commission.get_commission_entry
    list_commission_closings = commission.list_commission_closings
    get_commission_closing = commission.get_commission_closing
    list_closed_entries = commission.list_closed_entries
    close_commission = commission.close_commission
    put_commission_rate = commission.put_commission_rate
    delete_commission_rate = commission.delete_commission_rate
    list_commission_rates = commission.list_commission_rates
    # service orders and service invoices: row S20
    put_service_order = service_orders.put_service_order
    finish_service_order = service_orders.finish_service_order
    cancel_service_order = service_orders.cancel_service_order
    get_service_order = service_orders.get_service_order
    list_service_orders = service_orders.list_service_orders
    put_service_invoice = service_orders.put_service_invoice
    get_service_invoice = service_orders.get_service_invoice
    list_service_invoices = service_orders.list_service_invoices

    # NF-e: row S22
    get_nfe_data = nfe.get_nfe_data
    request_nfe = nfe.request_nfe
    submit_nfe = nfe.submit_nfe
    cancel_nfe = nfe.cancel_nfe
    get_nfe = nfe.get_nfe
    list_nfes = nfe.list_nfes
    get_nfe_xml = nfe.get_nfe_xml
    get_fiscal_settings = fiscal.get_fiscal_settings
    change_fiscal_settings = fiscal.change_fiscal_settings
    put_fiscal_product = fiscal.put_fiscal_product
    list_fiscal_products = fiscal.list_fiscal_products
    put_fiscal_certificate = fiscal.put_fiscal_certificate
    get_fiscal_certificate = fiscal.get_fiscal_certificate
    remove_fiscal_certificate = fiscal.remove_fiscal_certificate

    # what other services announce
    on_attendance_attendance_opened = heard.on_attendance_attendance_opened
    on_attendance_attendance_filed = heard.on_attendance_attendance_filed
    on_attendance_flow_changed = heard.on_attendance_flow_changed
    on_people_person_registered = heard.on_people_person_registered
    on_people_person_changed = heard.on_people_person_changed
    on_people_company_changed = heard.on_people_company_changed
    on_people_user_changed = heard.on_people_user_changed
    on_attendance_entry_recorded = heard.on_attendance_entry_recorded
    on_attendance_attendance_closed = heard.on_attendance_attendance_closed

    # merging, and the rights of persons over their data: row P7
    on_people_person_merged = person_rights.on_people_person_merged
    on_people_person_unmerged = person_rights.on_people_person_unmerged
    on_people_person_erasure_requested = person_rights.on_people_person_erasure_requested
    get_person_data = person_rights.get_person_data
