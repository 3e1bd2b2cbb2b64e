"""What `scheduling` holds of a person: named in one table, followed through merges, erased and reported (row P7)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.access.sections import KINDS, RECORD
from services.chassis.handling.entrypoints import query, subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.personal_data import erasure
from services.chassis.personal_data.inventory import Holding, page_of_rows
from services.chassis.schemas import EventData, HeldPage, OfPerson
from services.scheduling.session import SchedulingSession


class PersonRedirected(EventData):
    """Of people's person_merged and person_unmerged: where the person leads, or led."""

    person_id = fields.String(required=True)
    survivor_id = fields.String(required=True)


class ErasureRequested(EventData):
    """Of people's person_erasure_requested: whose data to erase."""

    erasure_id = fields.String(required=True)
    persons = fields.List(fields.String(), required=True)


ERASED_NAME = "Pessoa apagada"


@subscribe("people", "person_merged", takes=PersonRedirected, once=False)
def on_people_person_merged(tx: SchedulingSession, event: ReceivedEvent) -> None:
    tx.redirect(event.aggregate, event.data["survivor_id"], event.sequence)


@subscribe("people", "person_unmerged", takes=PersonRedirected, once=False)
def on_people_person_unmerged(tx: SchedulingSession, event: ReceivedEvent) -> None:
    tx.redirect(event.aggregate, None, event.sequence)


@subscribe("people", "person_erasure_requested", takes=ErasureRequested)
def on_people_person_erasure_requested(tx: SchedulingSession, event: ReceivedEvent) -> None:
    for person_id in event.data["persons"]:
        tx.persons.erase(person_id, name=ERASED_NAME)
    erasure.begin(tx, event.data["erasure_id"], event.data["persons"])


@query(takes=OfPerson, gives=HeldPage, needs="people.administer", section=RECORD, whole=KINDS)
def get_person_data(session: SchedulingSession, data: dict[str, Any]) -> dict[str, Any]:
    """What this service holds of the person, with all fields: a part of the access report."""
    return page_of_rows(session.tenant, INVENTORY, data["person_id"], data["limit"], data["cursor"])


ERASED = "[eliminado]"
BASIS = "LGPD art. 16, IV: data, hora e tipo na agenda da empresa; assunto e endereço eliminados, sem dados da pessoa."
INVENTORY = (
    Holding("appointments", by="person_id", sort="starts_at", erases={"subject": ERASED, "address": ""}, basis=BASIS),
)
