"""Sales: opportunities and what comes of them. An opportunity's conversation is an attendance (architecture.md)."""

from __future__ import annotations

from services.chassis.runtime import Runtime, Service
from services.sales import contract, store
from services.sales.store import SalesSession
from services.sales.use_cases import heard, opportunities


class Sales(Service):
    name = contract.SERVICE
    session = SalesSession
    indexes = store.INDEXES
    runtime = Runtime()

    # opportunities: creating and listing (rows S1, S2)
    create_opportunity = opportunities.create_opportunity
    get_opportunity = opportunities.get_opportunity
    list_opportunities = opportunities.list_opportunities

    # what other services announce
    on_people_person_registered = heard.on_people_person_registered
    on_people_person_changed = heard.on_people_person_changed
    on_attendance_entry_recorded = heard.on_attendance_entry_recorded
    on_attendance_attendance_closed = heard.on_attendance_attendance_closed
