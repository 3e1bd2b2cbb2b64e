"""A link as it is answered to sellers, and a quote as its customer's page shows it."""

from __future__ import annotations

from typing import Any

from services.chassis.dumping import dump_of
from services.sales.quote_links.model import ASKED, QuoteAnswer, QuoteLink, hash_of, page_state
from services.sales.quotes import contract as quotes_contract
from services.sales.quotes.model import Quote
from services.sales.quotes.presenting import present_version
from services.sales.session import SalesSession
from services.sales.shared.today import today

Data = dict[str, Any]

# The fields of a version that its hash covers; its status and decision are not among them.
HASHED_FIELDS = ("number", "basket", "terms", "valid_until", "notes", "currency")


def present_link(session: SalesSession, link: QuoteLink) -> Data:
    return {**vars(link), "state": link.state(session.now)}


def current_hash(quote: Quote) -> str:
    fields = dump_of(quotes_contract.QuoteVersion)(present_version(quote.current))
    return hash_of(quote.id, {name: fields[name] for name in HASHED_FIELDS})


def present_shared(session: SalesSession, quote: Quote, answers: list[QuoteAnswer]) -> Data:
    offer, day = quote.current.offer, today(session)
    return {
        "quote_id": quote.id,
        "quote_number": quote.number,
        "person_name": session.names.of([quote.person_id]).get(quote.person_id, ""),
        "state": page_state(quote, day),
        "shown": present_version(quote.current),
        "instalments": offer.terms.instalments(offer.basket.total, day),
        "document_hash": current_hash(quote),
        "questions": [answer.comment for answer in answers if answer.kind == ASKED],
        "letterhead": session.shown_configuration.letterhead(),
        "time_zone": str(session.zone.get()),
    }
