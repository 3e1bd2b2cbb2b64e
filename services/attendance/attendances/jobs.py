"""The leased job that copies a person's new name into the person's attendances, for a flow's list (row A13).

Attendances with a chosen contact keep the contact's name. It runs twice: now, and once every transaction that began
before the new name arrived is over.
"""

from __future__ import annotations

import datetime as dt
import time

from services.attendance.session import RENAMES, AttendanceSession
from services.attendance.timeline.writing import announce_change
from services.chassis.clock import now
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job
from services.chassis.jobs.work import Work
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document

RENAMER = Actor("renamer", "Cadastro de pessoas")
PAGE = 50
SECONDS = 10.0
# The time of one run; the next run goes on where it stopped.
RUN_SECONDS = 30.0


def queue_renaming(tx: AttendanceSession, person_id: str) -> None:
    """Queues the job for a person whose name may have changed. For handlers with `once=False`."""
    tx.renames.put({"_id": person_id, "asked_at": tx.now, "next_at": tx.now, "cursor": None})


def rename_page(tx: AttendanceSession, person_id: str, cursor: str | None) -> str | None:
    """Corrects the name in one page of the person's attendances; gives the next page's cursor, or None at the end."""
    person = tx.persons.find(tx.redirects.current(person_id))
    if person is None or person.get("erased"):
        return None
    page = tx.attendances.all_of_person(person["_id"], PAGE, cursor)
    for attendance in page["items"]:
        if not attendance.contact and attendance.contact_name != person["name"]:
            attendance.contact_name = person["name"]
            announce_change(tx, attendance, "contact_name")
    following: str | None = page["next_cursor"]
    return following


def make_renamer(runtime: Runtime) -> Job:
    """The job that handles one person whose name may have changed."""

    def rename(document: Document) -> None:
        row = Work(runtime.database, RENAMES, document, as_read=("asked_at",))
        cursor: str | None = document.get("cursor")
        until = time.monotonic() + RUN_SECONDS
        while True:

            def work(tx: AttendanceSession, cursor: str | None = cursor) -> str | None:
                return rename_page(tx, document["_id"], cursor)

            cursor = runtime.transact(document["company"], RENAMER, document["_id"], SECONDS, work)
            if cursor is None:
                break
            if time.monotonic() >= until:
                row.put_off(now(), cursor=cursor)
                return
        settled = document["asked_at"] + dt.timedelta(seconds=runtime.config.settle)
        if now() < settled:
            row.put_off(settled, cursor=None)
        else:
            row.done()

    return Job(rename, RUN_SECONDS + SECONDS + 5)
