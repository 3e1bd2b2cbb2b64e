"""Leased jobs: the sender sends queued e-mails; the teller queues e-mails to watchers beyond an event's first batch."""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Sequence
from typing import cast

import pymongo
from environs import Env
from marshmallow import validate
from pymongo.errors import PyMongoError

from services.chassis.handling.session import Actor
from services.chassis.handling.unit_of_work import now
from services.chassis.jobs.leased import Job
from services.chassis.jobs.parking import GiveUp
from services.chassis.jobs.rounds import Rounds
from services.chassis.jobs.work import Work
from services.chassis.observability import tracing
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.notifications.asking import ROUND_SECONDS, SENDER
from services.notifications.model import RECIPIENT_UNKNOWN, Delivery
from services.notifications.repository import (
    TELLINGS,
    Attempt,
    delivery_of,
    enclosure_of,
    forget_enclosure,
    record_attempts,
)
from services.notifications.session import NotificationsSession
from services.notifications.smtp import Mailer, Refused
from services.notifications.watchers import allowed, mails_to_watchers

SENDING_SECONDS = 30.0
# Time for the reads and writes around a sending, with a slow database: the lease has to outlive the sending.
SENDING_SLACK_SECONDS = 15.0
# So many mails are sent at once, over as many connections; what they ask and record at the same moment is one command.
SENDERS = 8
RECORD_SECONDS = 0.005
TELLER = Actor("teller", "Avisos")
TELLING_SECONDS = 10.0
# Time for handing over the queued work afterwards.
TELLING_SLACK_SECONDS = 5.0


def make_sender(runtime: Runtime) -> Job:
    """The job that sends one pending delivery; its SMTP settings come from the environment.

    A delivery without attempts left is parked, to be requeued by hand; one that was refused for good is not parked.
    Who wrote or claimed the row owns it while its lease lasts, so it is not claimed or read again here: what can change
    meanwhile is whether it may be sent, and that is asked just before.
    """
    mailer = _mailer()

    def record(attempts: Sequence[Attempt]) -> list[PyMongoError | None]:
        with pymongo.timeout(ROUND_SECONDS):
            return record_attempts(runtime.database, attempts)

    recorded = Rounds[Attempt, None](record, RECORD_SECONDS)

    def send(document: Document) -> None:
        delivery, company = delivery_of(document), document["company"]
        session = cast(NotificationsSession, runtime.session_for(company, SENDER, delivery.id, None))
        (reason,) = session.reasons([delivery])
        if reason == RECIPIENT_UNKNOWN:  # no user_changed of this user has arrived yet
            delivery.failed(reason, dt.datetime.now(dt.UTC))
        elif reason is None:
            _attempt(runtime, mailer, company, delivery)
        else:
            delivery.suppress(reason)
        recorded.ask((document, delivery))
        forget_enclosure(runtime.database, company, delivery)
        if delivery.given_up:
            raise GiveUp("delivery_dead")

    return Job(send, mailer.longest + SENDING_SLACK_SECONDS, SENDERS, owned_from_the_start=True)


def _attempt(runtime: Runtime, mailer: Mailer, company: str, delivery: Delivery) -> None:
    try:
        enclosure = enclosure_of(runtime.database, company, delivery)
        with tracing.span("smtp", tracing.CLIENT):
            mailer.send(delivery, enclosure)
        delivery.sent(dt.datetime.now(dt.UTC))
    except LookupError:  # the enclosure is past its retention: there is nothing to send
        delivery.failed("enclosure_missing", dt.datetime.now(dt.UTC), permanent=True)
    except Refused as refusal:
        delivery.failed(str(refusal), dt.datetime.now(dt.UTC), permanent=True)
    except smtplib.SMTPResponseException as error:
        delivery.failed(f"SMTP {error.smtp_code}", dt.datetime.now(dt.UTC))
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
