"""Reading the customer's page of a quote with a link; and for sellers, its links and answers (row S25)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import query
from services.sales.quote_links import contract
from services.sales.quote_links.presenting import present_link, present_shared
from services.sales.session import SalesSession
from services.sales.shared.sections import OFFERS

Data = dict[str, Any]


@query(takes=contract.OpenQuoteLink, gives=contract.SharedQuote, needs="quote_link.read", section=OFFERS)
def get_shared_quote(session: SalesSession, data: Data) -> Data:
    """Reading does not use the link up.

    Raises NotFound: quote_link_not_found, quote_link_revoked, quote_link_expired.
    """
    link = session.quote_links.get(data["link_id"])
    link.open(data["digest"], session.now)
    return present_shared(session, session.quotes.get(link.quote_id), session.quote_answers.of_link(link.id))


@query(takes=contract.ListOfQuote, gives=contract.QuoteLinkPage, needs="sales.read", section=OFFERS)
def list_quote_links(session: SalesSession, data: Data) -> Data:
    """Newest first; raises NotFound("quote_not_found")."""
    session.quotes.get(data["quote_id"])
    found = session.quote_links.page(data["quote_id"], data["limit"], data["cursor"])
    return {**found, "items": [present_link(session, link) for link in found["items"]]}


@query(takes=contract.ListOfQuote, gives=contract.QuoteAnswerPage, needs="sales.read", section=OFFERS)
def list_quote_answers(session: SalesSession, data: Data) -> Data:
    """The answers with their evidence, newest first; raises NotFound("quote_not_found")."""
    session.quotes.get(data["quote_id"])
    return session.quote_answers.page(data["quote_id"], data["limit"], data["cursor"])
