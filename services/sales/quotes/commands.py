"""Making, revising, approving and rejecting quotes (row S11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.chassis.errors import Invalid
from services.chassis.handling.entrypoints import command
from services.sales import events
from services.sales.nfe import commands as nfe_commands
from services.sales.nfe.model.parts import refuse_unbillable_offer
from services.sales.orders.model import SALE
from services.sales.placing.conversation import Conversation, conversation_of, register_sale_in
from services.sales.placing.order import place
from services.sales.products.baskets import basket_of
from services.sales.quotes import contract
from services.sales.quotes.model import IN_APPROVAL, Offer, Quote
from services.sales.quotes.presenting import present_quote
from services.sales.session import SalesSession
from services.sales.shared.sections import OFFERS
from services.sales.shared.terms import Terms
from services.sales.shared.today import today

Data = dict[str, Any]


@command(takes=contract.MakeQuote, gives=contract.Quote, needs="sales.write", section=OFFERS)
def make_quote(tx: SalesSession, data: Data) -> Data:
    """Raises Invalid("conversation_missing"), NotFound("attendance_not_found") or NotFound("opportunity_not_found"),
    Conflict("person_erased")."""
    conversation = conversation_of(tx, data.pop("attendance_id"), data.pop("opportunity_id"))
    if conversation is None:
        detail = "Informe o atendimento ou o contato de venda da proposta."
        raise Invalid("conversation_missing", detail, fields={"attendance_id": [detail]})
    tx.persons.refuse_erased(conversation.person_id)
    quote = _new_quote(tx, conversation)
    quote.offer(_offer(tx, data), tx.actor.id, tx.actor.name, tx.now)
    tx.quotes.add(quote)
    return _announce_and_present(tx, quote)


@command(takes=contract.ReviseQuote, gives=contract.Quote, needs="sales.write", section=OFFERS)
def revise_quote(tx: SalesSession, data: Data) -> Data:
    """Adds a new current version; the earlier ones become void. Raises Conflict: quote_ordered, person_erased; and what
    `_register_sale` raises.
    """
    quote = tx.quotes.get(data.pop("quote_id"))
    tx.persons.refuse_erased(quote.person_id)
    _register_sale(tx, quote)
    before = quote.current.number
    codes = [item.product for item in quote.current.offer.basket.items]
    if quote.offer(_offer(tx, data, codes), tx.actor.id, tx.actor.name, tx.now).number == before:
        return present_quote(quote)
    tx.quotes.save(quote)
    return _announce_and_present(tx, quote)


@command(takes=contract.ApproveQuote, gives=contract.Quote, needs="sales.write", section=OFFERS)
def approve_quote(tx: SalesSession, data: Data) -> Data:
    """Approves the current version and places its order, with the NF-e where the version asks for it.

    Raises what Quote.approve, `_register_sale` and nfe.commands.request raise.
    """
    quote = tx.quotes.get(data["quote_id"])
    return approve(tx, quote, data["number"], tx.actor.name, tx.actor.id)


def approve(tx: SalesSession, quote: Quote, number: int, by: str, by_id: str | None = None) -> Data:
    """As approve_quote, by the user `by_id` or, without it, by the customer; `by`: the name."""
    _register_sale(tx, quote)
    approved = quote.approve(number, tx.new_id(), by, tx.now, today(tx), by_id)
    tx.quotes.save(quote)
    offer = approved.offer
    conversation = Conversation(quote.person_id, quote.attendance_id, quote.opportunity_id)
    fields = {"currency": offer.currency, "notes": offer.notes, "quote_id": quote.id, "author_id": approved.author_id}
    order = place(tx, str(quote.order_id), SALE, conversation, offer.basket, offer.terms, fields)
    if offer.nfe:
        nfe_commands.request(tx, order, None)
    return _announce_and_present(tx, quote)


@command(takes=contract.RejectQuote, gives=contract.Quote, needs="sales.write", section=OFFERS)
def reject_quote(tx: SalesSession, data: Data) -> Data:
    actor = tx.actor
    return reject(tx, tx.quotes.get(data["quote_id"]), data["number"], data["reason"], actor.name, actor.id)


def reject(tx: SalesSession, quote: Quote, number: int, reason: str, by: str, by_id: str | None = None) -> Data:
    """As reject_quote, by the user `by_id` or, without it, by the customer; `by`: the name."""
    quote.reject(number, reason, by, tx.now, by_id)
    tx.quotes.save(quote)
    return _announce_and_present(tx, quote)


def release_quote(tx: SalesSession, quote_id: str) -> None:
    """Lets the quote be revised again, once its order is cancelled or deleted."""
    quote = tx.quotes.get(quote_id)
    quote.release()
    tx.quotes.save(quote)
    _announce_and_present(tx, quote)


def reject_undecided(tx: SalesSession, attendance_id: str, reason: str) -> None:
    """Rejects the conversation's quotes that are in approval, when its opportunity is closed or deleted."""
    for quote in tx.quotes.of_conversation(attendance_id):
        if quote.status == IN_APPROVAL:
            quote.reject(quote.current.number, reason, tx.actor.name, tx.now, tx.actor.id)
            tx.quotes.save(quote)
            _announce_and_present(tx, quote)


def _register_sale(tx: SalesSession, quote: Quote) -> None:
    """Notes a sale in the quote's opportunity, if it has one.

    Raises NotFound("opportunity_not_found"), Conflict("opportunity_closed" or "opportunity_archived").
    """
    if quote.opportunity_id is not None:
        register_sale_in(tx, tx.opportunities.get(quote.opportunity_id))


def _new_quote(tx: SalesSession, conversation: Conversation) -> Quote:
    return Quote(
        id=tx.new_id(),
        number=tx.quotes.next_number(),
        person_id=conversation.person_id,
        attendance_id=str(conversation.attendance_id),
        opportunity_id=conversation.opportunity_id,
        created_at=tx.now,
    )


def _offer(tx: SalesSession, data: Data, kept_codes: Sequence[str] = ()) -> Offer:
    """The offer of `data`, refused now if its order or NF-e would be refused on approval.

    `kept_codes`: product codes of the version before. Raises what products.baskets.basket_of raises,
    Invalid("instalment_too_small"), Conflict: nfe_without_goods, nfe_currency_unsupported, nfe_regime_unsupported.
    """
    offer = Offer(
        basket=basket_of(tx, data, data["currency"], kept_codes),
        terms=Terms(**(data["terms"] or {})),
        valid_until=data["valid_until"],
        notes=data["notes"],
        currency=data["currency"],
        nfe=data["nfe"],
    )
    offer.refuse_impossible_terms()
    if offer.nfe:
        refuse_unbillable_offer(offer.basket, offer.currency)
        tx.fiscal.settings().refuse_unsupported()
    return offer


def _announce_and_present(tx: SalesSession, quote: Quote) -> Data:
    offer = quote.current.offer
    tx.publish(
        events.QUOTE_CHANGED,
        quote.id,
        quote.version,
        quote_id=quote.id,
        number=quote.number,
        person_id=quote.person_id,
        attendance_id=quote.attendance_id,
        opportunity_id=quote.opportunity_id,
        status=quote.status,
        total=offer.basket.total,
        currency=offer.currency,
    )
    return present_quote(quote)
