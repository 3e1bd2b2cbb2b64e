"""Removes the bytes of uploads whose time is over and of deleted attachments: leased work, done in steps.

A crash between two steps loses nothing: the lease ends and the rest is removed then.
"""

from __future__ import annotations

from collections.abc import Callable

from services.attendance.domain.attachments import RECEIVING
from services.attendance.store.attachments import PARTS, UPLOADS, Parts, Uploads, upload_of
from services.chassis.mongo import Document
from services.chassis.runtime import Runtime


def make_cleaner(runtime: Runtime) -> Callable[[Document], None]:
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

    return clean
