"""Background jobs of watching (row N1): mails to the watchers beyond an event's first batch, and digests."""

from __future__ import annotations

import datetime as dt

from services.chassis.clock import now
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job
from services.chassis.jobs.work import Work
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.notifications.session import NotificationsSession
from services.notifications.watching.batches import next_watcher_mails, only_permitted, queue_mails_or_digests
from services.notifications.watching.model import DigestItem, digest_mail
from services.notifications.watching.repository import DIGESTS, MOST_ITEMS, TELLINGS

# Whose deeds these are; the id is stored, and stays.
WATCHER_MAILS = Actor("teller", "Avisos")
TELLING_SECONDS = 10.0
# Time for queueing the next work afterwards.
TELLING_SLACK_SECONDS = 5.0


def make_watcher_mailer(runtime: Runtime) -> Job:
    """The job that queues the next batch of one entry's e-mails to watchers, and comes back until none is left.

    A batch may be queued twice, under the same ids: the place is written after the mails.
    """
    lease = dt.timedelta(seconds=runtime.config.lease)

    def do(document: Document) -> None:
        company, event_id = document["company"], document["_id"]
        last_user = runtime.write(
            company, WATCHER_MAILS, event_id, TELLING_SECONDS, lambda tx: _tell_batch(tx, event_id)
        )
        work = Work(runtime.database, TELLINGS, document, ("next_at",))
        if last_user is None:
            work.drop()
            return
        until = now() + lease
        if work.put_off(until, after=last_user):
            runtime.jobs[TELLINGS].accept({**document, "next_at": until})

    return Job(do, TELLING_SECONDS + TELLING_SLACK_SECONDS, row_is_work=True)


def _tell_batch(session: NotificationsSession, event_id: str) -> str | None:
    """Queues a batch. Returns the last user's id; None where nobody is left, or an erasure has removed the work."""
    telling = session.tellings.find_one({"_id": event_id})
    if telling is None:
        return None
    mails, after = next_watcher_mails(session, event_id, telling["entry"], telling["after"])
    queue_mails_or_digests(session, telling["entry"], only_permitted(session, mails))
    return after


def make_digester(runtime: Runtime) -> Job:
    """The job that sends one user's digest about one person.

    May be repeated: the mail's id follows from the items, which are deleted after the mail is queued.
    """

    def do(document: Document) -> None:
        def send(session: NotificationsSession) -> tuple[list[DigestItem], bool]:
            items = session.digests.waiting(document)
            queue_digest(session, items)
            return items, len(items) == MOST_ITEMS

        company, work_id = document["company"], document["_id"]
        items, more = runtime.write(company, WATCHER_MAILS, work_id, TELLING_SECONDS, send)
        runtime.write(company, WATCHER_MAILS, work_id, TELLING_SECONDS, lambda session: session.digests.drop(items))
        work = Work(runtime.database, DIGESTS, document, ("next_at",))
        if more:
            work.put_off(now())
        else:
            work.drop()

    return Job(do, 2 * TELLING_SECONDS + TELLING_SLACK_SECONDS, row_is_work=True)


def queue_digest(session: NotificationsSession, items: list[DigestItem]) -> None:
    """Queues a digest of those items that the user may see now."""
    zone = session.zone.get()
    seen = only_permitted(session, [digest_mail([item], session.now, zone) for item in items])
    ids = {mail.id for mail in seen}
    told = [item for item in items if digest_mail([item], session.now, zone).id in ids]
    if told:
        session.queue(digest_mail(told, session.now, zone))
