"""Gathers the data of a document (quote or visit sheet) from sales and people, and renders it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.attendance import report_content
from gateway.bus.calls import Request
from gateway.documents import processes
from gateway.documents.processes import Paper
from gateway.documents.variables import Facts, samples, values
from gateway.http.requests import bus
from services.chassis.access.context import Context
from services.chassis.errors import Conflict, Invalid, NotFound, Unavailable
from services.sales.templates.contract import QUOTE

VOID = "SEM VALIDADE"
# The consent that a customer may withdraw: to be written to about the service, by one of these (row P7).
PURPOSE, EMAIL, WHATSAPP = "service", "email", "whatsapp"
DECLINED = {
    EMAIL: "A pessoa retirou o consentimento para receber e-mails de atendimento.",
    WHATSAPP: "A pessoa retirou o consentimento para receber mensagens de WhatsApp de atendimento.",
}
Record = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """The data of one document; `kind` and `ids` are those of the request."""

    kind: str
    ids: Mapping[str, Any]
    facts: Facts

    @property
    def template(self) -> Record:
        found: Record = self.facts.source["template"]
        return found

    @property
    def refused(self) -> bool:
        """Whether sending it would be refused; it may be looked at all the same, with a mark across its pages."""
        return self.kind == QUOTE and self.facts.quote["refused"] is not None

    @property
    def name(self) -> str:
        """The name of its file, without extension."""
        return f"proposta-{self.facts.quote['number']}" if self.kind == QUOTE else "ficha-de-visita"

    def values(self) -> Record:
        return values(self.kind, self.facts)


def gather(context: Context, kind: str, **ids: Any) -> Document:
    """Raises NotFound of the quote, its version, the opportunity or the template; Invalid("template_kind_wrong")."""
    source = bus().call("sales", "get_document_source", {"kind": kind, **ids}, context)
    person, company = dict(source["person"]), {"name": ""}
    if "people.read" in context.permissions:
        requests = Request("people", "get_person", {"id": source["person"]["id"]}), Request("people", "get_company", {})
        with bus().gather(context, *requests) as (person_call, company_call):
            try:
                person = person_call.result()
            except NotFound:
                pass  # hidden from this user: the name is all there is
            company = company_call.result()
    return Document(kind, ids, Facts(source, person, company, context.user_name))


def paper_of(context: Context, document: Document, pdf: bool) -> Paper:
    """Renders the document, with a mark if it may not be sent; raises what processes.render raises."""
    texts, mark = document.template, VOID if document.refused else ""
    return processes.render(context.company, texts["subject"], texts["body"], document.values(), mark, pdf)


def check(company: str, kind: str, subject: str, body: str) -> None:
    """Renders a template with sample values, before it is stored; raises what processes.render raises."""
    try:
        processes.render(company, subject, body, samples(kind), pdf=True)
    except Unavailable as trouble:
        if trouble.code != "pdf_unavailable":
            raise
        processes.render(company, subject, body, samples(kind))


def recipients(context: Context, document: Document, asked: list[str] | None, own: str | None) -> list[str]:
    """The recipients: `asked`, or the person's main address. Allowed: the person's, its contacts', the user's own.

    Raises Conflict("person_email_missing"), Conflict("email_declined"), Invalid("recipient_unknown").
    """
    person = document.facts.person
    main = report_content.email(person)
    if not asked and not main:
        raise Conflict("person_email_missing", f"{person['name']} não tem e-mail principal.")
    known = {address.lower(): address for address in (*_addresses(person), own) if address}
    unknown = [address for address in asked or () if address.lower() not in known]
    if unknown:
        detail = "Envie só aos e-mails da pessoa e de seus contatos, ou ao seu; cadastre o endereço antes."
        raise Invalid("recipient_unknown", detail, fields={"to": [detail]}, addresses=unknown)
    chosen = [known[address.lower()] for address in asked or [main]]
    if any(address != own for address in chosen):
        refuse_declined(context, document.facts.source["person"]["id"])
    return list(dict.fromkeys(chosen))


def _addresses(person: Record) -> list[str]:
    return [item["address"] for item in person.get("emails") or ()] + [
        item["email"] for item in person.get("contacts") or () if item.get("email")
    ]


def refuse_declined_of_attendance(context: Context, attendance_id: str) -> None:
    """The same of the person of an attendance; raises NotFound("attendance_not_found"), too."""
    refuse_declined(context, bus().call("attendance", "get_attendance", {"id": attendance_id}, context)["person_id"])


def refuse_declined(context: Context, person_id: str, channel: str = EMAIL) -> None:
    """Raises Conflict, "email_declined" or "whatsapp_declined", where the person withdrew that consent."""
    person = {"person_id": person_id}
    try:
        decisions = bus().call("people", "list_consents", person, context)["items"]
    except NotFound:
        return
    declined = {"purpose": PURPOSE, "channel": channel, "given": False}
    if any(declined.items() <= decision.items() for decision in decisions):
        raise Conflict(f"{channel}_declined", DECLINED[channel])
