"""Tells the watchers for whom the event's own transaction had no room: leased work, one transaction a batch.

Where a process dies, the next goes on after the last batch.
"""

from __future__ import annotations

import datetime as dt

from services.chassis.mongo import Document
from services.chassis.runtime import Runtime
from services.chassis.session import Actor
from services.chassis.work import Job
from services.notifications.store import TELLINGS, NotificationsSession
from services.notifications.use_cases.telling import tell_watchers

TELLER = Actor("teller", "Avisos")
SECONDS = 10.0
# What comes after the commit.
SLACK_SECONDS = 5.0


def make_teller(runtime: Runtime) -> Job:
    """What to do with one telling: its next batch, then it waits in line again."""
    lease = dt.timedelta(seconds=runtime.config.lease)

    def tell(document: Document) -> None:
        def work(session: NotificationsSession) -> Document | None:
            telling = session.tellings.find_one({"_id": document["_id"]})
            if telling is None or session.persons.erased(telling["person_id"]):
                session.tellings.delete({"_id": document["_id"]})
                return None
            after = tell_watchers(session, telling["_id"], telling["entry"], telling["after"])
            if after is None:
                session.tellings.delete({"_id": telling["_id"]})
                return None
            rest = {**telling, "after": after, "next_at": session.now + lease}
            session.tellings.put(rest)
            return {**rest, "company": document["company"]}

        rest = runtime.transact(document["company"], TELLER, document["_id"], SECONDS, work)
        if rest is not None:
            runtime.works[TELLINGS].take(rest)

    return Job(tell, SECONDS + SLACK_SECONDS, row_is_work=True)
