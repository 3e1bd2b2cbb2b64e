"""What `attendance` holds of a person: named in one table, followed through merges, erased and reported (row P7)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.attendance.attendances.jobs import look_again
from services.attendance.session import AttendanceSession
from services.chassis.access.sections import KINDS, RECORD
from services.chassis.handling.entrypoints import query, subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.personal_data import erasure
from services.chassis.personal_data.inventory import Holding, page_of_rows
from services.chassis.schemas import EventData, HeldPage, OfPerson


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
    "LGPD art. 16, I e IV: que houve o atendimento, quando e por quem; textos eliminados, sem dados da pessoa, "
    "até a eliminação da empresa."
)

ENTRIES = Holding(
    "entries",
    by="attendance_id",
    sort="number",
    erases={"text": ERASED, "data": {}, "attachments": []},
    basis=BASIS,
)
ANSWERS = Holding("cycle_answers", by="attendance_id", sort="answered_at", removes=True)
FILES = (
    Holding("attachments", by="attendance_id", sort="uploaded_at", removes=True),
    Holding("uploads", by="attendance_id", sort="next_at", removes=True, told=False),
    # the bytes: a report names the files, which are downloaded from their attendance
    Holding("attachment_parts", by="attendance_id", sort="number", removes=True, told=False),
)
INVENTORY = (
    Holding(
        "attendances",
        by="person_id",
        sort="opened_at",
        erases={
            "title": ERASED,
            "contact": None,
            # what a flow's list shows, sorts and searches by
            "contact_name": ERASED,
            "title_key": "",
            "contact_key": "",
            "keys": [],
        },
        basis=BASIS,
        parts=(ENTRIES, ANSWERS, *FILES),
        # made from the fields beside them, for searching
        hides=("title_key", "contact_key", "keys"),
    ),
    # under the person's id for as long as somebody types: it leads to the survivor when it is sent
    Holding("drafts", by="person_id", sort="updated_at", removes=True, follows=False),
)


ERASED_NAME = "Pessoa apagada"


@subscribe("people", "person_merged", takes=PersonRedirected, once=False)
def on_people_person_merged(tx: AttendanceSession, event: ReceivedEvent) -> None:
    tx.redirect(event.aggregate, event.data["survivor_id"], event.sequence)
    look_again(tx, event.data["survivor_id"])


@subscribe("people", "person_unmerged", takes=PersonRedirected, once=False)
def on_people_person_unmerged(tx: AttendanceSession, event: ReceivedEvent) -> None:
    tx.redirect(event.aggregate, None, event.sequence)
    look_again(tx, event.aggregate)


@subscribe("people", "person_erasure_requested", takes=ErasureRequested)
def on_people_person_erasure_requested(tx: AttendanceSession, event: ReceivedEvent) -> None:
    for person_id in event.data["persons"]:
        tx.persons.erase(person_id, name=ERASED_NAME)
    erasure.begin(tx, event.data["erasure_id"], event.data["persons"])


@query(takes=OfPerson, gives=HeldPage, needs="people.administer", section=RECORD, whole=KINDS)
def get_person_data(session: AttendanceSession, data: dict[str, Any]) -> dict[str, Any]:
    """What this service holds of the person, with all fields: a part of the access report."""
    return page_of_rows(session.tenant, INVENTORY, data["person_id"], data["limit"], data["cursor"])
