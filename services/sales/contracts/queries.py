"""Contracts of a person, read (row S17)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById
from services.chassis.storage.rows import Document
from services.sales.contracts import contract
from services.sales.contracts.model import Contract, traits_of
from services.sales.contracts.presenting import present_contract
from services.sales.contracts.preview import MOST_ADDED, charges_by_contract, present_billed, refuse_too_far, totals_of
from services.sales.session import SalesSession
from services.sales.shared.today import today

Data = dict[str, Any]

NO_TOTALS: Data = {"totals": None, "totals_complete": None}


@query(takes=ById, gives=contract.Contract, needs="sales.read", section="contracts")
def get_contract(session: SalesSession, data: Data) -> Data:
    return present_contract(session.contracts.get(data["id"]))


@query(takes=contract.ListContracts, gives=contract.ContractPage, needs="sales.read", section="contracts")
def list_contracts(session: SalesSession, data: Data) -> Data:
    traits = traits_of(data["kind"], data["billing"], data["status"])
    found = session.contracts.page(data["person_id"], traits, data["limit"], data["cursor"], counted=data["counted"])
    return {**found, "items": [present_contract(each) for each in found["items"]]}


@query(takes=contract.PreviewBilling, gives=contract.BillingPreview, needs="sales.read", section="contracts")
def get_billing_preview(session: SalesSession, data: Data) -> Data:
    """Changes nothing; raises Invalid("day_too_far")."""
    now = today(session)
    on = data["on"] or now
    refuse_too_far(on, now)
    found = session.contracts.due(on, data["limit"], data["cursor"])
    persons = _persons_of(session, found["items"])
    billed = charges_by_contract(on, found["items"], persons)
    names = {person_id: person["name"] for person_id, person in persons.items()}
    items = [present_billed(one, names.get(one[0].person_id, ""), now) for one in billed]
    first = data["cursor"] is None
    return {**found, "items": items, "on": on, **(_totals(session, on) if first else NO_TOTALS)}


def _totals(session: SalesSession, on: dt.date) -> Data:
    found = session.contracts.due(on, MOST_ADDED, None)
    billed = charges_by_contract(on, found["items"], _persons_of(session, found["items"]))
    return {"totals": totals_of(billed), "totals_complete": found["next_cursor"] is None}


def _persons_of(session: SalesSession, contracts: list[Contract]) -> dict[str, Document]:
    ids = sorted({one.person_id for one in contracts})
    return {person["_id"]: person for person in session.persons.find_many(ids)}
