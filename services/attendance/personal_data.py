"""What `attendance` holds of a person: named in one table, followed through merges, erased and reported (row P7)."""

from __future__ import annotations

from services.attendance.attendances.jobs import look_again
from services.chassis.personal_data import handlers
from services.chassis.personal_data.inventory import ERASED_TEXT, Holding

BASIS = (
    "LGPD art. 16, I e IV: que houve o atendimento, quando e por quem; textos eliminados, sem dados da pessoa, "
    "até a eliminação da empresa."
)

ENTRIES = Holding(
    "entries",
    by="attendance_id",
    sort="number",
    erases={"text": ERASED_TEXT, "data": {}, "attachments": []},
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
            "title": ERASED_TEXT,
            "contact": None,
            # what a flow's list shows, sorts and searches by
            "contact_name": ERASED_TEXT,
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

on_people_person_merged = handlers.person_merged(look_again)
on_people_person_unmerged = handlers.person_unmerged(look_again)
on_people_person_erasure_requested = handlers.person_erasure_requested()
get_person_data = handlers.person_data(INVENTORY)
