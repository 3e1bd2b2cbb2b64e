"""What `people` says of a person's record: merged, told apart again, erased; and what we hold of it (row P7)."""

from __future__ import annotations

from typing import Any

from services.attendance import contract
from services.attendance.store import HOLDINGS, AttendanceSession
from services.attendance.use_cases.renaming import look_again
from services.chassis import erasure
from services.chassis.entrypoints import query, subscribe
from services.chassis.holdings import page_of_rows
from services.chassis.schemas import HeldPage, OfPerson
from services.chassis.sections import KINDS, RECORD
from services.chassis.subscriptions import Heard

ERASED_NAME = "Pessoa apagada"


@subscribe("people", "person_merged", takes=contract.PersonRedirected, once=False)
def on_people_person_merged(tx: AttendanceSession, event: Heard) -> None:
    tx.redirect(event.aggregate, event.data["survivor_id"], event.sequence)
    look_again(tx, event.data["survivor_id"])


@subscribe("people", "person_unmerged", takes=contract.PersonRedirected, once=False)
def on_people_person_unmerged(tx: AttendanceSession, event: Heard) -> None:
    tx.redirect(event.aggregate, None, event.sequence)
    look_again(tx, event.aggregate)


@subscribe("people", "person_erasure_requested", takes=contract.ErasureRequested)
def on_people_person_erasure_requested(tx: AttendanceSession, event: Heard) -> None:
    for person_id in event.data["persons"]:
        tx.persons.erase(person_id, name=ERASED_NAME)
    erasure.begin(tx, event.data["erasure_id"], event.data["persons"])


@query(takes=OfPerson, gives=HeldPage, needs="people.administer", section=RECORD, whole=KINDS)
def get_person_data(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """What this service holds of the person, with all fields: a part of the access report."""
    return page_of_rows(session.tenant, HOLDINGS, data["person_id"], data["limit"], data["cursor"])
