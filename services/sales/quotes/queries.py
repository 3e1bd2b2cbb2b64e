"""Quotes, read (row S11)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById
from services.sales.placing.conversation import owner_of
from services.sales.quotes import contract
from services.sales.quotes.presenting import present_quote
from services.sales.session import SalesSession
from services.sales.shared.pages import within
from services.sales.shared.sections import OFFERS

Data = dict[str, Any]


@query(takes=ById, gives=contract.Quote, needs="sales.read", section=OFFERS)
def get_quote(session: SalesSession, data: Data) -> Data:
    return present_quote(session.quotes.get(data["id"]))


@query(takes=contract.ListQuotes, gives=contract.QuotePage, needs="sales.read", section=OFFERS)
def list_quotes(session: SalesSession, data: Data) -> Data:
    """Raises Invalid("owner_missing") unless a person or an attendance is named."""
    found = session.quotes.page(*owner_of(data), data["limit"], data["cursor"], counted=data["counted"])
    return {**found, "items": [present_quote(quote) for quote in found["items"]]}


@query(takes=contract.SearchQuotes, gives=contract.CompanyQuotePage, needs="sales.read", section=OFFERS)
def search_quotes(session: SalesSession, data: Data) -> Data:
    """Of the whole company."""
    moments = within("created_at", data["created_from"], data["created_to"], session.zone.get())
    found = session.quotes.of_company(data["status"] or contract.STATUSES, moments, data["limit"], data["cursor"])
    return {**found, "items": [present_quote(quote) for quote in found["items"]]}
