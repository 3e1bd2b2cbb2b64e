"""The personal-data inventory of `attendance`, and the handlers that merge, erase and report by it (row P7)."""

from __future__ import annotations

from services.attendance.attendances.jobs import queue_renaming
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
    Holding("uploads", by="attendance_id", sort="next_at", removes=True, reported=False),
    # the bytes of files: a report only names the files, which are downloaded from their attendance
    Holding("attachment_parts", by="attendance_id", sort="number", removes=True, reported=False),
)
INVENTORY = (
    Holding(
        "attendances",
        by="person_id",
        sort="opened_at",
        erases={
            "title": ERASED_TEXT,
            "contact": None,
            # derived fields, by which a flow's list is sorted and searched
            "contact_name": ERASED_TEXT,
            "title_key": "",
            "contact_key": "",
            "keys": [],
        },
        basis=BASIS,
        parts=(ENTRIES, ANSWERS, *FILES),
        # derived from other fields, for searching: no report shows them
        hides=("title_key", "contact_key", "keys"),
    ),
    # of an attendance about to be opened, with files for its first entry; gone in a day
    Holding("openings", by="person_id", sort="ends_at", removes=True, follows=False, parts=FILES),
    # not moved by a merge: the merged id is resolved to the survivor when the draft is sent
    Holding("drafts", by="person_id", sort="updated_at", removes=True, follows=False),
)

on_people_person_merged = handlers.person_merged(queue_renaming)
on_people_person_unmerged = handlers.person_unmerged(queue_renaming)
on_people_person_erasure_requested = handlers.person_erasure_requested()
get_person_data = handlers.person_data(INVENTORY)
