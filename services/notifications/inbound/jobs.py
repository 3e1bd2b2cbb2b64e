"""The reminder tells that messages wait for a user: the company's default list, else its administrators (row N10)."""

from __future__ import annotations

from services.chassis.clock import now
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job
from services.chassis.jobs.work import Work
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.notifications.inbound.model import UNASSIGNED
from services.notifications.inbound.notices import AGAIN, MOST_COUNTED, waiting_notice
from services.notifications.inbound.repository import MESSAGES
from services.notifications.members.model import Contact
from services.notifications.session import NotificationsSession

REMINDER = Actor("reminder", "Avisos")
REMINDING_SECONDS = 10.0
SLACK_SECONDS = 5.0
# Of the administrators of a company that has no default list.
MOST_TOLD = 20


def make_reminder(runtime: Runtime) -> Job:
    """The job that tells of a message that has waited too long, and again each day until somebody settles it.

    May be repeated: the mails' ids follow from the hour.
    """

    def remind(row: Document) -> None:
        work = Work(runtime.database, MESSAGES, row, ("next_at",))
        if row["state"] != UNASSIGNED:
            work.done()
            return
        runtime.write(row["company"], REMINDER, row["_id"], REMINDING_SECONDS, tell)
        work.put_off(now() + AGAIN)

    return Job(remind, REMINDING_SECONDS + SLACK_SECONDS)


def _told(session: NotificationsSession) -> dict[str, Contact]:
    """The default list; where that has nobody who can be written to, those who may settle the messages and say who is
    told: a customer's message waits in no company unknown to all."""
    listed = session.members.contacts(session.watch_settings.recent().default_watchers)
    return listed or session.members.settlers(session.now, MOST_TOLD)


def tell(session: NotificationsSession) -> None:
    waiting = session.inbound.waiting(MOST_COUNTED)
    for user_id, contact in (_told(session) if waiting else {}).items():
        session.queue(waiting_notice(session.company, user_id, contact, waiting, session.now, session.zone.get()))
