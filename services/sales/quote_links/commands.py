"""The customer's page of a quote: sellers make and revoke links, customers answer (row S25)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.chassis.access import tokens
from services.chassis.errors import Invalid
from services.chassis.handling.entrypoints import command
from services.sales import events
from services.sales.quote_links import contract
from services.sales.quote_links.model import (
    ACCEPTED,
    ASKED,
    CUSTOMER,
    KIND,
    QuoteAnswer,
    QuoteLink,
    is_repeated_decision,
    refuse_more,
    refuse_more_questions,
)
from services.sales.quote_links.presenting import current_hash, present_link, present_shared
from services.sales.quotes.commands import approve, reject
from services.sales.quotes.model import Quote
from services.sales.session import SalesSession
from services.sales.shared.sections import OFFERS
from services.sales.shared.today import today
from services.sales.shared.users import acting_user

Data = dict[str, Any]


@command(takes=contract.MakeQuoteLink, gives=contract.NewQuoteLink, needs="sales.write", section=OFFERS, secret=True)
def make_quote_link(tx: SalesSession, data: Data) -> Data:
    """The token is in this answer only. Raises NotFound("quote_not_found"), Conflict: quote_rejected, quote_expired,
    quote_links_full, person_erased."""
    quote = tx.quotes.get(data["quote_id"])
    tx.persons.refuse_erased(quote.person_id)
    quote.version_to_send(quote.current.number, today(tx))
    tx.one_at_a_time("quote_links")
    live = tx.quote_links.live_of(quote.id, tx.now)
    if data["revoke_others"]:
        for other in live:
            other.revoke(acting_user(tx), tx.now)
            tx.quote_links.save(other)
    else:
        refuse_more(len(live))
    link_id = tx.new_id()
    token, digest = tokens.make(KIND, tx.company, link_id)
    ends = tx.now + dt.timedelta(days=data["days"])
    link = QuoteLink(link_id, quote.id, quote.person_id, quote.attendance_id, digest, tx.now, acting_user(tx), ends)
    tx.quote_links.add(link)
    return {**present_link(tx, link), "token": token}


@command(takes=contract.RevokeQuoteLink, gives=contract.QuoteLink, needs="sales.write", section=OFFERS)
def revoke_quote_link(tx: SalesSession, data: Data) -> Data:
    """Revokes the link; revoking it again changes nothing. Raises NotFound("quote_link_not_found")."""
    link = tx.quote_links.get(data["link_id"])
    if link.revoke(acting_user(tx), tx.now):
        tx.quote_links.save(link)
    return present_link(tx, link)


@command(takes=contract.AnswerQuote, gives=contract.SharedQuote, needs="quote_link.answer", section=OFFERS)
def answer_quote(tx: SalesSession, data: Data) -> Data:
    """Accepting approves the version, refusing rejects it; or the customer asks. The same decision again changes
    nothing.

    Raises NotFound: quote_link_not_found, quote_link_revoked, quote_link_expired; Invalid("question_missing");
    Conflict: quote_version_void, quote_not_in_approval, quote_expired, quote_questions_too_many, and what approving
    raises.
    """
    link = tx.quote_links.get(data["link_id"])
    link.open(data["digest"], tx.now)
    quote, before = tx.quotes.get(link.quote_id), tx.quote_answers.of_link(link.id)
    kind, number = data["kind"], data["number"]
    if is_repeated_decision(before, quote, kind, number):
        return present_shared(tx, quote, before)
    if kind == ASKED:
        _ask(data, before)
    elif kind == ACCEPTED:
        approve(tx, quote, number, CUSTOMER.name)
    else:
        reject(tx, quote, number, data["comment"] or "Recusada pelo cliente.", CUSTOMER.name)
    answer = _record_answer(tx, link, quote, data)
    _announce(tx, quote, answer)
    # conflicts with revoking the link at the same moment, so that one is retried
    tx.quote_links.save(link)
    return present_shared(tx, quote, [answer, *before])


def _ask(data: Data, before: list[QuoteAnswer]) -> None:
    refuse_more_questions(before)
    if not data["comment"]:
        raise Invalid("question_missing", "Escreva a sua pergunta.", fields={"comment": ["Escreva a sua pergunta."]})


def _record_answer(tx: SalesSession, link: QuoteLink, quote: Quote, data: Data) -> QuoteAnswer:
    fields = {name: data[name] for name in ("kind", "number", "name", "comment", "address", "user_agent")}
    answer = QuoteAnswer(
        id=tx.new_id(),
        quote_id=quote.id,
        link_id=link.id,
        person_id=link.person_id,
        attendance_id=link.attendance_id,
        document_hash=current_hash(quote),
        at=tx.now,
        **fields,
    )
    tx.quote_answers.add(answer)
    return answer


def _announce(tx: SalesSession, quote: Quote, answer: QuoteAnswer) -> None:
    tx.publish(
        events.QUOTE_ANSWERED,
        answer.id,
        1,
        answer_id=answer.id,
        quote_id=quote.id,
        quote_number=quote.number,
        number=answer.number,
        person_id=answer.person_id,
        attendance_id=answer.attendance_id,
        opportunity_id=quote.opportunity_id,
        kind=answer.kind,
        name=answer.name,
        comment=answer.comment,
    )
