"""Removes files that nobody waits for: uploads whose time is over, deleted attachments, and those no entry came for.

Leased work, done in steps. A crash between two steps loses nothing: the lease ends and the rest is removed then.
"""

from __future__ import annotations

from services.attendance.attachments.keeping import expire
from services.attendance.attachments.model.attachments import RECEIVING
from services.attendance.attachments.repository import PARTS, UPLOADS, Parts, Uploads, upload_of
from services.attendance.session import AttendanceSession
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document

CLEANER = Actor("cleaner", "Limpeza")
SECONDS = 10.0
# For all the parts of a file.
CLEANING_SECONDS = 60.0


def make_cleaner(runtime: Runtime) -> Job:
    """What to do with one upload that is due."""

    def clean(document: Document) -> None:
        tenant = runtime.database.tenant(document["company"])
        uploads, parts = Uploads(tenant.collection(UPLOADS)), Parts(tenant.collection(PARTS))
        upload = upload_of(document)
        if upload.state == RECEIVING:
            # Refused by the version when a part, or the finish, came at this very moment.
            upload.discard(upload.next_at)
            uploads.save(upload)
        for number in range(upload.parts):
            parts.delete(upload.id, number)
        uploads.done(upload)

    return Job(clean, CLEANING_SECONDS)


def make_expirer(runtime: Runtime) -> Job:
    """What to do with one attachment that waited too long for its entry."""

    def throw_away(document: Document) -> None:
        def work(session: AttendanceSession) -> None:
            expire(session, document["_id"])

        runtime.transact(document["company"], CLEANER, document["_id"], SECONDS, work)

    return Job(throw_away, CLEANING_SECONDS)
