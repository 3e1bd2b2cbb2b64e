"""What `people` says of a person's record: merged, told apart again, erased; and what we hold of it (row P7)."""

from __future__ import annotations

from typing import Any

from services.chassis import erasure
from services.chassis.entrypoints import query, subscribe
from services.chassis.holdings import page_of_rows
from services.chassis.schemas import HeldPage, OfPerson
from services.chassis.sections import KINDS, RECORD
from services.chassis.subscriptions import Heard
from services.sales import contract
from services.sales.store import HOLDINGS, SalesSession
from services.sales.use_cases.nfe import forget_unissued

ERASED_NAME = "Pessoa apagada"


@subscribe("people", "person_merged", takes=contract.PersonRedirected, once=False)
def on_people_person_merged(tx: SalesSession, event: Heard) -> None:
    tx.redirect(event.aggregate, event.data["survivor_id"], event.sequence)


@subscribe("people", "person_unmerged", takes=contract.PersonRedirected, once=False)
def on_people_person_unmerged(tx: SalesSession, event: Heard) -> None:
    tx.redirect(event.aggregate, None, event.sequence)


@subscribe("people", "person_erasure_requested", takes=contract.ErasureRequested)
def on_people_person_erasure_requested(tx: SalesSession, event: Heard) -> None:
    for person_id in event.data["persons"]:
        tx.persons.erase(person_id, name=ERASED_NAME)
        forget_unissued(tx, person_id)
    erasure.begin(tx, event.data["erasure_id"], event.data["persons"])


@query(takes=OfPerson, gives=HeldPage, needs="people.administer", section=RECORD, whole=KINDS)
def get_person_data(session: SalesSession, data: dict[str, Any]) -> dict[str, Any]:
    """What this service holds of the person, with all fields: a part of the access report."""
    return page_of_rows(session.tenant, HOLDINGS, data["person_id"], data["limit"], data["cursor"])
