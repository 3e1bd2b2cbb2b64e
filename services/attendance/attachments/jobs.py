"""Leased jobs that remove expired uploads, deleted attachments, and attachments that no entry was recorded with.

They work in steps: after a crash the lease ends, and the next run removes the rest.
"""

from __future__ import annotations

from services.attendance.attachments.lifecycle import expire
from services.attendance.attachments.model.attachments import RECEIVING
from services.attendance.attachments.repository import PARTS, UPLOADS, Parts, Uploads, upload_of
from services.attendance.session import AttendanceSession
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document

CLEANER = Actor("cleaner", "Limpeza")
SECONDS = 10.0
# The deadline for removing all parts of a file.
CLEANING_SECONDS = 60.0


def make_cleaner(runtime: Runtime) -> Job:
    """The job that removes one expired or discarded upload with its parts."""

    def clean(document: Document) -> None:
        tenant = runtime.database.tenant(document["company"])
        uploads, parts = Uploads(tenant.collection(UPLOADS)), Parts(tenant.collection(PARTS))
        upload = upload_of(document)
        if upload.state == RECEIVING:
            # Fails by the version if another part, or the finish, is being stored now.
            upload.discard(upload.next_at)
            uploads.save(upload)
        for number in range(upload.parts):
            parts.delete(upload.id, number)
        uploads.delete(upload)

    return Job(clean, CLEANING_SECONDS)


def make_expirer(runtime: Runtime) -> Job:
    """The job that removes one attachment that no entry was recorded with in STAGED_HOURS."""

    def remove_expired(document: Document) -> None:
        def work(session: AttendanceSession) -> None:
            expire(session, document["_id"])

        runtime.transact(document["company"], CLEANER, document["_id"], SECONDS, work)

    return Job(remove_expired, CLEANING_SECONDS)
