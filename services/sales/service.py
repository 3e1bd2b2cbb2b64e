"""Sales: opportunities and what comes of them. An opportunity's conversation is an attendance (architecture.md)."""

from __future__ import annotations

from typing import ClassVar

from services.chassis import erasure
from services.chassis.runtime import Runtime, Service
from services.sales import contract, store
from services.sales.store import SalesSession
from services.sales.use_cases import contracts, heard, opportunities, orders, person_rights, quotes, receivables


class Sales(Service):
    name = contract.SERVICE
    session = SalesSession
    indexes = store.INDEXES
    holdings = store.HOLDINGS
    works: ClassVar = {"erasures": erasure.worker(contract.PERSON_DATA_ERASED)}
    runtime = Runtime()

    # opportunities: creating and listing (rows S1, S2)
    create_opportunity = opportunities.create_opportunity
    get_opportunity = opportunities.get_opportunity
    list_opportunities = opportunities.list_opportunities

    # quotes: row S11
    make_quote = quotes.make_quote
    revise_quote = quotes.revise_quote
    approve_quote = quotes.approve_quote
    reject_quote = quotes.reject_quote
    get_quote = quotes.get_quote
    list_quotes = quotes.list_quotes

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

    # what other services announce
    on_attendance_attendance_opened = heard.on_attendance_attendance_opened
    on_people_person_registered = heard.on_people_person_registered
    on_people_person_changed = heard.on_people_person_changed
    on_people_company_changed = heard.on_people_company_changed
    on_attendance_entry_recorded = heard.on_attendance_entry_recorded
    on_attendance_attendance_closed = heard.on_attendance_attendance_closed

    # merging, and the rights of persons over their data: row P7
    on_people_person_merged = person_rights.on_people_person_merged
    on_people_person_unmerged = person_rights.on_people_person_unmerged
    on_people_person_erasure_requested = person_rights.on_people_person_erasure_requested
    get_person_data = person_rights.get_person_data
