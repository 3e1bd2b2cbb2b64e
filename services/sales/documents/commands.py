"""Sending a quote or a visit sheet (rows S12, S23). The gateway has made the document."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict, Forbidden
from services.chassis.handling.entrypoints import command
from services.sales import events
from services.sales.documents import contract
from services.sales.documents.model import Sending
from services.sales.documents.subject import owner_of_document, subject_of
from services.sales.opportunities.model import Opportunity
from services.sales.quotes.model import Quote, Sent
from services.sales.session import SalesSession
from services.sales.shared.sections import OFFERS
from services.sales.shared.today import today

Data = dict[str, Any]

# The permission to write to customers (ADR 0042).
MAIL_ACCOUNT = "attendance.notify_customer"


@command(
    takes=contract.SendDocument, gives=contract.Sending, needs="sales.write", section=OFFERS, not_compared=("paper",)
)
def send_document(tx: SalesSession, data: Data) -> Sending:
    """Sends a document to the given addresses, which the gateway has checked; the event carries the mail.

    Raises Forbidden("mail_account_missing"), Conflict("person_erased"), and of a quote what Quote.version_to_send
    raises.
    """
    if not tx.actor.holds(MAIL_ACCOUNT):
        raise Forbidden("mail_account_missing", "Enviar documentos exige uma conta de e-mail do usuário.")
    quote, opportunity = subject_of(tx, data)
    tx.persons.get(owner_of_document(quote, opportunity).person_id)
    if quote is not None:
        quote.version_to_send(data["number"], today(tx))
    if data["paper"] is None:
        raise Conflict("document_outdated", "O documento mudou enquanto era gerado; tente novamente.")
    sending = _new(tx, quote, opportunity, data)
    tx.sendings.add(sending)
    _note_sending(tx, quote, opportunity, sending)
    _announce(tx, sending, data["paper"])
    return sending


def _new(tx: SalesSession, quote: Quote | None, opportunity: Opportunity | None, data: Data) -> Sending:
    owner, paper = owner_of_document(quote, opportunity), data["paper"]
    return Sending(
        id=tx.new_id(),
        kind=data["kind"],
        person_id=owner.person_id,
        attendance_id=owner.attendance_id,
        opportunity_id=opportunity.id if opportunity else None,
        quote_id=quote.id if quote else None,
        number=data["number"] if quote else None,
        template_id=paper["template_id"],
        template_name=paper["template_name"],
        subject=paper["subject"],
        recipients=tuple(dict.fromkeys(data["recipients"])),
        sent_by=tx.actor.id,
        author_name=tx.actor.name,
        sent_at=tx.now,
    )


def _note_sending(tx: SalesSession, quote: Quote | None, opportunity: Opportunity | None, sending: Sending) -> None:
    """Notes the sending in the quote, and as an interaction with the opportunity."""
    if quote is not None:
        sent = quote.current.number, sending.recipients, sending.author_name, sending.sent_at, sending.sent_by
        quote.last_sent = Sent(*sent)
        tx.quotes.save(quote)
    if opportunity is not None and opportunity.interacted(at=sending.sent_at):
        tx.opportunities.save(opportunity)


def _announce(tx: SalesSession, sending: Sending, paper: Data) -> None:
    """Publishes document_sent with the mail; the aggregate is the sending, which never changes."""
    fields = {name: value for name, value in vars(sending).items() if name in events.DocumentSent().fields}
    mail = {name: paper[name] for name in ("subject", "text", "html", "pdf", "file_name")}
    tx.publish(events.DOCUMENT_SENT, sending.id, 1, sending_id=sending.id, **{**fields, **mail})
