"""Leased jobs: the sender sends queued e-mails; the teller queues e-mails to watchers beyond an event's first batch."""

from __future__ import annotations

import datetime as dt
import smtplib
from typing import cast

from environs import Env
from marshmallow import validate

from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job
from services.chassis.jobs.parking import GiveUp
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.notifications.model import DEAD, MAX_ATTEMPTS, PERSON_ERASED, RECIPIENT_UNKNOWN, Delivery
from services.notifications.repository import (
    TELLINGS,
    claim,
    delivery_of,
    enclosure_of,
    forget_enclosure,
    record_attempt,
)
from services.notifications.session import NotificationsSession
from services.notifications.smtp import Mailer, Refused
from services.notifications.watchers import tell_watchers

SENDER = Actor("sender", "Envio")
SENDING_SECONDS = 30.0
# Time for the reads and writes around a sending, with a slow database: the lease has to outlive the sending.
SENDING_SLACK_SECONDS = 15.0
TELLER = Actor("teller", "Avisos")
TELLING_SECONDS = 10.0
# Time for handing over the queued work after the commit.
TELLING_SLACK_SECONDS = 5.0


def make_sender(runtime: Runtime) -> Job:
    """The job that sends one pending delivery; its SMTP settings come from the environment.

    A delivery without attempts left is parked, to be requeued by hand; one that was refused for good is not parked.
    """
    mailer = _mailer()
    seconds = mailer.longest + SENDING_SLACK_SECONDS
    lease = dt.timedelta(seconds=seconds)

    def send(document: Document) -> None:
        claimed = claim(runtime.database, document, dt.datetime.now(dt.UTC) + lease)
        if claimed is None:  # another sender has it, or it is not pending any more
            return
        delivery = delivery_of(claimed)
        reason = _forbidden(runtime, claimed["company"], delivery)
        if reason == RECIPIENT_UNKNOWN:  # no user_changed of this user has arrived yet
            delivery.failed(reason, dt.datetime.now(dt.UTC))
        elif reason is None:
            _attempt(runtime, mailer, claimed["company"], delivery)
        else:
            delivery.suppress(reason)
        record_attempt(runtime.database, claimed, delivery)
        forget_enclosure(runtime.database, claimed["company"], delivery)
        if delivery.status == DEAD and delivery.attempts >= MAX_ATTEMPTS:
            raise GiveUp("delivery_dead")

    return Job(send, seconds)


def _forbidden(runtime: Runtime, company: str, delivery: Delivery) -> str | None:
    """Why the delivery may not be sent, or None; checked just before every attempt."""
    session = cast(NotificationsSession, runtime.session_for(company, SENDER, delivery.id, None))
    if session.persons.erased(delivery.person_id):
        return PERSON_ERASED
    if delivery.user_id is None or delivery.attendance_id is None:  # it goes to the customer
        return None
    return session.refusals([delivery.user_id], delivery.person_id, delivery.attendance_id)[delivery.user_id]


def _attempt(runtime: Runtime, mailer: Mailer, company: str, delivery: Delivery) -> None:
    try:
        mailer.send(delivery, enclosure_of(runtime.database, company, delivery))
        delivery.sent(dt.datetime.now(dt.UTC))
    except LookupError:  # the enclosure is past its retention: there is nothing to send
        delivery.failed("enclosure_missing", dt.datetime.now(dt.UTC), permanent=True)
    except Refused as refusal:
        delivery.failed(str(refusal), dt.datetime.now(dt.UTC), permanent=True)
    except (smtplib.SMTPException, OSError) as error:
        delivery.failed(type(error).__name__, dt.datetime.now(dt.UTC))


def _mailer() -> Mailer:
    env = Env()
    return Mailer(
        env.str("VINCULO_SMTP_URL", "smtp://127.0.0.1:25"),
        env.str("VINCULO_MAIL_FROM", "vinculo@localhost"),
        env.float("VINCULO_SMTP_SECONDS", SENDING_SECONDS, validate=validate.Range(min=1, max=600)),
    )


def make_teller(runtime: Runtime) -> Job:
    """The job that queues the next batch of one entry's e-mails to watchers, and comes back until none is left."""
    lease = dt.timedelta(seconds=runtime.config.lease)

    def tell(document: Document) -> None:
        def work(session: NotificationsSession) -> Document | None:
            telling = session.tellings.find_one({"_id": document["_id"]})
            if telling is None or session.persons.erased(telling["person_id"]):
                session.tellings.delete({"_id": document["_id"]})
                return None
            last_user = tell_watchers(session, telling["_id"], telling["entry"], telling["after"])
            if last_user is None:
                session.tellings.delete({"_id": telling["_id"]})
                return None
            rest = {**telling, "after": last_user, "next_at": session.now + lease}
            session.tellings.put(rest)
            return {**rest, "company": document["company"]}

        rest = runtime.transact(document["company"], TELLER, document["_id"], TELLING_SECONDS, work)
        if rest is not None:
            runtime.jobs[TELLINGS].take(rest)

    return Job(tell, TELLING_SECONDS + TELLING_SLACK_SECONDS, row_is_work=True)
