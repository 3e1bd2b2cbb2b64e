"""What `sales` holds of a person: named in one table, followed through merges, erased and reported (row P7)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.access.sections import KINDS, RECORD
from services.chassis.handling.entrypoints import query, subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.personal_data import erasure
from services.chassis.personal_data.inventory import Holding, page_of_rows
from services.chassis.schemas import EventData, HeldPage, OfPerson
from services.sales.nfe.commands import forget_unissued
from services.sales.session import SalesSession


class PersonRedirected(EventData):
    """Of people's person_merged and person_unmerged: where the person leads, or led."""

    person_id = fields.String(required=True)
    survivor_id = fields.String(required=True)


class ErasureRequested(EventData):
    """Of people's person_erasure_requested: whose data to erase."""

    erasure_id = fields.String(required=True)
    persons = fields.List(fields.String(), required=True)


ERASED = "[eliminado]"
BASIS = (
    "LGPD art. 16, I: valores, itens, datas e situação para a escrituração da empresa, por 5 anos; "
    "textos eliminados, sem dados da pessoa."
)
COPY_BASIS = "LGPD art. 16, I: ligação entre venda e atendimento; só identificadores, sem dados da pessoa."
FISCAL_BASIS = (
    "LGPD art. 16, I: documento fiscal com os dados que a lei exige (Ajuste SINIEF 07/05, CTN art. 195), por 5 anos; "
    "o que não chegou a ser enviado é eliminado."
)

INVENTORY = (
    Holding(
        "opportunities",
        by="person_id",
        sort="created_at",
        erases={
            "description": ERASED,
            "environment": "",
            "means_of_contact": "",
            "indicated_by": "",
            "closing_note": "",
        },
        basis=BASIS,
    ),
    Holding("turns", by="person_id", sort="recorded_at", erases={"text": ERASED}, basis=BASIS),
    Holding("actions", by="person_id", sort="recorded_at", erases={"text": ERASED}, basis=BASIS),
    Holding(
        "quotes",
        by="person_id",
        sort="created_at",
        erases={"versions.$[].offer.notes": "", "versions.$[].reason": "", "last_sent": None},
        basis=BASIS,
    ),
    Holding(
        "sendings",
        by="person_id",
        sort="sent_at",
        erases={"recipients": [], "subject": ERASED},
        basis="LGPD art. 16, I: que houve o envio de qual proposta, quando e por quem; destinatários eliminados.",
    ),
    Holding("orders", by="person_id", sort="ordered_at", erases={"notes": "", "cancel_reason": ""}, basis=BASIS),
    Holding("contracts", by="person_id", sort="created_at", erases={"status_reason": ""}, basis=BASIS),
    Holding("receivables", by="person_id", sort="created_at", erases={"description": ""}, basis=BASIS),
    # of a seller: what orders earned, and what was closed
    Holding("commission_entries", by="person_id", sort="created_at", basis=BASIS),
    Holding("commission_closings", by="person_id", sort="closed_at", basis=BASIS),
    Holding("commission_rates", by="person_id", sort="set_at", removes=True),
    Holding(
        "service_orders",
        by="person_id",
        sort="opened_on",
        erases={"description": ERASED, "responsible": "", "status_reason": ""},
        basis=BASIS,
    ),
    Holding("service_invoices", by="person_id", sort="issued_on", erases={"description": "", "url": ""}, basis=BASIS),
    Holding(
        "nfes",
        by="person_id",
        sort="requested_at",
        basis=FISCAL_BASIS,
        parts=(Holding("nfe_documents", by="nfe_id", sort="at", basis=FISCAL_BASIS, follows=False),),
    ),
    Holding("attendances", by="person_id", sort="sequence", basis=COPY_BASIS),
)


ERASED_NAME = "Pessoa apagada"


@subscribe("people", "person_merged", takes=PersonRedirected, once=False)
def on_people_person_merged(tx: SalesSession, event: ReceivedEvent) -> None:
    tx.redirect(event.aggregate, event.data["survivor_id"], event.sequence)


@subscribe("people", "person_unmerged", takes=PersonRedirected, once=False)
def on_people_person_unmerged(tx: SalesSession, event: ReceivedEvent) -> None:
    tx.redirect(event.aggregate, None, event.sequence)


@subscribe("people", "person_erasure_requested", takes=ErasureRequested)
def on_people_person_erasure_requested(tx: SalesSession, event: ReceivedEvent) -> None:
    for person_id in event.data["persons"]:
        tx.persons.erase(person_id, name=ERASED_NAME)
        forget_unissued(tx, person_id)
    erasure.begin(tx, event.data["erasure_id"], event.data["persons"])


@query(takes=OfPerson, gives=HeldPage, needs="people.administer", section=RECORD, whole=KINDS)
def get_person_data(session: SalesSession, data: dict[str, Any]) -> dict[str, Any]:
    """What this service holds of the person, with all fields: a part of the access report."""
    return page_of_rows(session.tenant, INVENTORY, data["person_id"], data["limit"], data["cursor"])
