"""What a quote or a visit sheet is made of, and sending it (rows S12, S23). The gateway makes the paper itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.errors import Conflict, Forbidden, Invalid
from services.sales import contract
from services.sales.domain import Opportunity
from services.sales.domain.quote import Quote, Sent
from services.sales.domain.sendings import Sending
from services.sales.domain.templates import refuse_other_kind
from services.sales.sections import OFFERS
from services.sales.store import SalesSession
from services.sales.use_cases.quotes import shown_version
from services.sales.use_cases.showing import shown
from services.sales.use_cases.templates import shown_template
from services.sales.use_cases.today import today

Data = dict[str, Any]
MOST_ACTIONS = 50
# Stands for the user's own mail account until notifications keeps those (rows A10, N5).
MAIL_ACCOUNT = "attendance.notify_customer"


@query(takes=contract.GetDocumentSource, gives=contract.DocumentSource, needs="sales.read", section=OFFERS)
def get_document_source(session: SalesSession, data: Data) -> Data:
    """Raises NotFound("quote_not_found", "quote_version_not_found", "opportunity_not_found", "template_not_found"),
    Invalid("template_kind_wrong")."""
    template = _template(session, data["kind"], data["template_id"])
    quote, opportunity = _subject(session, data)
    person_id = _owner(quote, opportunity).person_id
    return {
        "template": template,
        "person_id": person_id,
        "person_name": session.names.of([person_id]).get(person_id, ""),
        "quote": _quote_source(session, quote, data["number"]) if quote else None,
        "opportunity": shown(session, opportunity) if opportunity else None,
        "actions": session.actions.to_do(opportunity.id, MOST_ACTIONS) if opportunity else [],
        "today": today(session),
        "time_zone": str(session.zone.get()),
    }


@command(takes=contract.SendDocument, gives=contract.Sending, needs="sales.write", section=OFFERS, follows=("paper",))
def send_document(tx: SalesSession, data: Data) -> Sending:
    """To the addresses given, which the gateway has checked; the mail itself goes with the event.

    Raises Forbidden("mail_account_missing"), Conflict("person_erased"), and of a quote what Quote.sendable raises.
    """
    if not tx.actor.holds(MAIL_ACCOUNT):
        raise Forbidden("mail_account_missing", "Enviar documentos exige uma conta de e-mail do usuário.")
    quote, opportunity = _subject(tx, data)
    tx.persons.get(_owner(quote, opportunity).person_id)
    if quote is not None:
        quote.sendable(data["number"], today(tx))
    if data["paper"] is None:
        raise Conflict("document_outdated", "O documento mudou enquanto era gerado; tente novamente.")
    sending = _new(tx, quote, opportunity, data)
    tx.sendings.add(sending)
    _remember(tx, quote, opportunity, sending)
    _announce(tx, sending, data["paper"])
    return sending


@query(takes=contract.ListSendings, gives=contract.SendingPage, needs="sales.read", section=OFFERS)
def list_sendings(session: SalesSession, data: Data) -> Data:
    """An opportunity's with those of its quotes. Raises NotFound("quote_not_found", "opportunity_not_found"),
    Invalid("owner_missing")."""
    owners = (("quote_id", session.quotes.get), ("opportunity_id", session.opportunities.get))
    for field, look_up in owners:
        if data[field] is not None:
            look_up(data[field])
            return session.sendings.page(field, data[field], data["limit"], data["cursor"])
    raise Invalid("owner_missing", "Informe a proposta ou o contato de venda.")


def _subject(session: SalesSession, data: Data) -> tuple[Quote | None, Opportunity | None]:
    """The quote and its opportunity, where it has one that was not deleted; or the opportunity."""
    if data["quote_id"] is None:
        return None, session.opportunities.get(data["opportunity_id"])
    quote = session.quotes.get(data["quote_id"])
    return quote, session.opportunities.of_conversation(quote.attendance_id)


def _owner(quote: Quote | None, opportunity: Opportunity | None) -> Quote | Opportunity:
    owner = quote or opportunity
    assert owner is not None, "the contract asks for one of them"  # noqa: S101
    return owner


def _template(session: SalesSession, kind: str, template_id: str | None) -> Data:
    """The one that is named, else the company's choice, else the built-in one."""
    defaults = session.configuration.default_templates()
    template = session.templates.get(template_id or defaults.of(kind))
    refuse_other_kind(template, kind)
    return shown_template(template, defaults)


def _quote_source(session: SalesSession, quote: Quote, number: int | None) -> Data:
    version, day = quote.numbered(number), today(session)
    return {
        "id": quote.id,
        "number": quote.number,
        "version": shown_version(version),
        "instalments": version.offer.terms.instalments(version.offer.basket.total, day),
        "refused": _refusal(quote, version.number, day),
    }


def _refusal(quote: Quote, number: int, day: dt.date) -> str | None:
    try:
        quote.sendable(number, day)
    except Conflict as refusal:
        return refusal.code
    return None


def _new(tx: SalesSession, quote: Quote | None, opportunity: Opportunity | None, data: Data) -> Sending:
    owner, paper = _owner(quote, opportunity), data["paper"]
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


def _remember(tx: SalesSession, quote: Quote | None, opportunity: Opportunity | None, sending: Sending) -> None:
    """The quote shows it, and it is an interaction with the customer."""
    if quote is not None:
        quote.last_sent = Sent(quote.current.number, sending.recipients, sending.author_name, sending.sent_at)
        tx.quotes.save(quote)
    if opportunity is not None and opportunity.interacted(at=sending.sent_at):
        tx.opportunities.save(opportunity)


def _announce(tx: SalesSession, sending: Sending, paper: Data) -> None:
    """The sending is the aggregate: it never changes."""
    told = {name: value for name, value in vars(sending).items() if name in contract.DocumentSent().fields}
    mail = {name: paper[name] for name in ("subject", "text", "html", "pdf", "file_name")}
    tx.publish(contract.DOCUMENT_SENT, sending.id, 1, sending_id=sending.id, **{**told, **mail})
