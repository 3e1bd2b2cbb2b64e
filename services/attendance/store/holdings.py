"""What `attendance` holds of a person (chassis/holdings.py)."""

from __future__ import annotations

from services.chassis.holdings import Holding

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
HOLDINGS = (
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
