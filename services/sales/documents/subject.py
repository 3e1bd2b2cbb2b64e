"""What a document is about: a quote or an opportunity."""

from __future__ import annotations

from typing import Any

from services.sales.opportunities.model import Opportunity
from services.sales.quotes.model import Quote
from services.sales.session import SalesSession

Data = dict[str, Any]


def subject_of(session: SalesSession, data: Data) -> tuple[Quote | None, Opportunity | None]:
    """The quote and its opportunity (None if it has none, or it was deleted); or only the opportunity."""
    if data["quote_id"] is None:
        return None, session.opportunities.get(data["opportunity_id"])
    quote = session.quotes.get(data["quote_id"])
    return quote, session.opportunities.of_conversation(quote.attendance_id)


def owner_of_document(quote: Quote | None, opportunity: Opportunity | None) -> Quote | Opportunity:
    owner = quote or opportunity
    assert owner is not None, "the contract asks for one of them"  # noqa: S101
    return owner
