"""The teller queues the e-mails to watchers beyond an event's first batch."""

from __future__ import annotations

import datetime as dt

from services.chassis.handling.session import Actor
from services.chassis.handling.unit_of_work import now
from services.chassis.jobs.leased import Job
from services.chassis.jobs.work import Work
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.notifications.session import NotificationsSession
from services.notifications.watching.batches import allowed, mails_to_watchers
from services.notifications.watching.repository import TELLINGS

TELLER = Actor("teller", "Avisos")
TELLING_SECONDS = 10.0
# Time for handing over the queued work afterwards.
TELLING_SLACK_SECONDS = 5.0


def make_teller(runtime: Runtime) -> Job:
    """The job that queues the next batch of one entry's e-mails to watchers, and comes back until none is left.

    A batch may be queued again: its ids follow from the event. The place in the work is written after it.
    """
    lease = dt.timedelta(seconds=runtime.config.lease)

    def tell(document: Document) -> None:
        company, event_id = document["company"], document["_id"]
        last_user = runtime.write(company, TELLER, event_id, TELLING_SECONDS, lambda tx: _tell_batch(tx, event_id))
        work = Work(runtime.database, TELLINGS, document, ("next_at",))
        if last_user is None:
            work.drop()
            return
        until = now() + lease
        if work.put_off(until, after=last_user):
            runtime.jobs[TELLINGS].take({**document, "next_at": until})

    return Job(tell, TELLING_SECONDS + TELLING_SLACK_SECONDS, row_is_work=True)


def _tell_batch(session: NotificationsSession, event_id: str) -> str | None:
    """The last user of the batch; None where nobody is left, or an erasure took the work."""
    telling = session.tellings.find_one({"_id": event_id})
    if telling is None:
        return None
    mails, after = mails_to_watchers(session, event_id, telling["entry"], telling["after"])
    for mail in allowed(session, mails):
        session.queue(mail)
    return after
