"""Sends queued deliveries and records how each attempt went.

The sender holds the delivery's lease, which outlives the longest sending: nobody else begins meanwhile. A crash between
the server's answer and our record sends again, and so does an answer that comes after the deadline: both under the same
Message-ID, and counted (row N7).
"""

from __future__ import annotations

import datetime as dt
import smtplib
from typing import cast

from environs import Env
from marshmallow import validate

from services.chassis.mongo import Document
from services.chassis.parking import GiveUp
from services.chassis.runtime import Runtime
from services.chassis.session import Actor
from services.chassis.work import Job
from services.notifications.domain import DEAD, MAX_ATTEMPTS, PERSON_ERASED, RECIPIENT_UNKNOWN, Delivery
from services.notifications.smtp import Mailer, Refused
from services.notifications.store import (
    NotificationsSession,
    claim,
    delivery_of,
    enclosure_of,
    forget_enclosure,
    record_attempt,
)

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
