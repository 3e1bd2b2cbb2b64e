"""The data that a quote or a visit sheet is made from, and the sendings (rows S12, S23).

The gateway makes the document.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.chassis.errors import Conflict, Invalid
from services.chassis.handling.entrypoints import query
from services.sales.documents import contract
from services.sales.documents.subject import owner_of_document, subject_of
from services.sales.opportunities.presenting import present_opportunity
from services.sales.quotes.model import Quote
from services.sales.quotes.presenting import present_version
from services.sales.session import SalesSession
from services.sales.shared.sections import OFFERS
from services.sales.shared.today import today
from services.sales.templates.model import refuse_other_kind
from services.sales.templates.presenting import present_template

Data = dict[str, Any]

MOST_ACTIONS = 50


@query(takes=contract.GetDocumentSource, gives=contract.DocumentSource, needs="sales.read", section=OFFERS)
def get_document_source(session: SalesSession, data: Data) -> Data:
    """Raises NotFound("quote_not_found", "quote_version_not_found", "opportunity_not_found", "template_not_found"),
    Invalid("template_kind_wrong")."""
    template = _template(session, data["kind"], data["template_id"])
    quote, opportunity = subject_of(session, data)
    person_id = owner_of_document(quote, opportunity).person_id
    return {
        "template": template,
        "person_id": person_id,
        "person_name": session.names.of([person_id]).get(person_id, ""),
        "quote": _quote_source(session, quote, data["number"]) if quote else None,
        "opportunity": present_opportunity(session, opportunity) if opportunity else None,
        "actions": session.actions.to_do(opportunity.id, MOST_ACTIONS) if opportunity else [],
        "today": today(session),
        "letterhead": session.configuration.letterhead(),
        "time_zone": str(session.zone.get()),
    }


@query(takes=contract.ListSendings, gives=contract.SendingPage, needs="sales.read", section=OFFERS)
def list_sendings(session: SalesSession, data: Data) -> Data:
    """The sendings of a quote, or of an opportunity with its quotes, newest first. Raises NotFound("quote_not_found",
    "opportunity_not_found"), Invalid("owner_missing").
    """
    owners = (("quote_id", session.quotes.get), ("opportunity_id", session.opportunities.get))
    for field, look_up in owners:
        if data[field] is not None:
            look_up(data[field])
            return session.sendings.page(field, data[field], data["limit"], data["cursor"])
    raise Invalid("owner_missing", "Informe a proposta ou o contato de venda.")


def _template(session: SalesSession, kind: str, template_id: str | None) -> Data:
    """The template with `template_id`, else the company's default, else the built-in one."""
    defaults = session.configuration.default_templates()
    template = session.templates.get(template_id or defaults.of(kind))
    refuse_other_kind(template, kind)
    return present_template(template, defaults)


def _quote_source(session: SalesSession, quote: Quote, number: int | None) -> Data:
    version, day = quote.version_numbered(number), today(session)
    return {
        "id": quote.id,
        "number": quote.number,
        "version": present_version(version),
        "instalments": version.offer.terms.instalments(version.offer.basket.total, day),
        "refused": _refusal(quote, version.number, day),
    }


def _refusal(quote: Quote, number: int, day: dt.date) -> str | None:
    try:
        quote.version_to_send(number, day)
    except Conflict as refusal:
        return refusal.code
    return None
