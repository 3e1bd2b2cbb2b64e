"""The job that mails the company's default list, else its administrators, that messages wait for a user (row N10)."""

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
# At most so many administrators of a company without a default list.
MOST_TOLD = 20


def make_reminder(runtime: Runtime) -> Job:
    """The job that reminds of a message that has waited too long, and again each day until a user settles it.

    May be repeated: the mails' ids follow from the hour.
    """

    def remind(row: Document) -> None:
        work = Work(runtime.database, MESSAGES, row, ("next_at",))
        if row["state"] != UNASSIGNED:
            work.done()
            return
        runtime.write(row["company"], REMINDER, row["_id"], REMINDING_SECONDS, queue_reminders)
        work.put_off(now() + AGAIN)

    return Job(remind, REMINDING_SECONDS + SLACK_SECONDS)


def _recipients(session: NotificationsSession) -> dict[str, Contact]:
    """The users of the default list; where none of them has an address, the users who may settle the messages and
    change that list.
    """
    listed = session.members.contacts(session.watch_settings.recent().default_watchers)
    return listed or session.members.settlers(session.now, MOST_TOLD)


def queue_reminders(session: NotificationsSession) -> None:
    waiting = session.inbound.waiting(MOST_COUNTED)
    for user_id, contact in (_recipients(session) if waiting else {}).items():
        session.queue(waiting_notice(session.company, user_id, contact, waiting, session.now, session.zone.get()))
