"""Leased work: sending queued deliveries, and telling the watchers for whom an event's transaction had no room."""

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
# What reading and recording may take besides, with a database that is slow.
SLACK_SECONDS = 15.0


def make_sender(runtime: Runtime) -> Job:
    """What to do with one pending delivery; SMTP settings come from the environment.

    A delivery whose tries are used up is parked, and can be requeued by hand; one that was refused for good is not.
    """
    mailer = _mailer()
    lease = dt.timedelta(seconds=mailer.longest + SLACK_SECONDS)

    def send(document: Document) -> None:
        held = claim(runtime.database, document, dt.datetime.now(dt.UTC) + lease)
        if held is None:  # somebody else has it, or it was erased
            return
        delivery = delivery_of(held)
        reason = _forbidden(runtime, held["company"], delivery)
        if reason == RECIPIENT_UNKNOWN:  # nothing came of this user yet
            delivery.failed(reason, dt.datetime.now(dt.UTC))
        elif reason is None:
            _attempt(runtime, mailer, held["company"], delivery)
        else:
            delivery.suppress(reason)
        record_attempt(runtime.database, held, delivery)
        forget_enclosure(runtime.database, held["company"], delivery)
        if delivery.status == DEAD and delivery.attempts >= MAX_ATTEMPTS:
            raise GiveUp("delivery_dead")

    return Job(send, mailer.longest + SLACK_SECONDS)


def _forbidden(runtime: Runtime, company: str, delivery: Delivery) -> str | None:
    """Why it may not be sent any more; asked each time just before it is."""
    session = cast(NotificationsSession, runtime.session_for(company, SENDER, delivery.id, None))
    if session.persons.erased(delivery.person_id):
        return PERSON_ERASED
    if delivery.user_id is None or delivery.attendance_id is None:  # the customer's
        return None
    return session.refusals([delivery.user_id], delivery.person_id, delivery.attendance_id)[delivery.user_id]


def _attempt(runtime: Runtime, mailer: Mailer, company: str, delivery: Delivery) -> None:
    try:
        mailer.send(delivery, enclosure_of(runtime.database, company, delivery))
        delivery.sent(dt.datetime.now(dt.UTC))
    except LookupError:  # older than it is kept: without it there is nothing to send
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
            runtime.jobs[TELLINGS].take(rest)

    return Job(tell, SECONDS + SLACK_SECONDS, row_is_work=True)
