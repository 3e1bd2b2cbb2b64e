"""The leased job that sends queued deliveries, over whichever channel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import cast

import pymongo
from environs import Env
from marshmallow import validate
from pymongo.errors import PyMongoError

from services.chassis.errors import Conflict
from services.chassis.jobs.leased import Job
from services.chassis.jobs.parking import GiveUp
from services.chassis.jobs.rounds import Rounds
from services.chassis.observability import tracing
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.chassis.uris import is_smtp_uri
from services.notifications.accounts.presenting import installation_sender, mails_a_day
from services.notifications.deliveries.model import (
    EMAIL,
    MAILING_PAUSED,
    WHATSAPP,
    Delivery,
    Enclosure,
    Failure,
    File,
)
from services.notifications.deliveries.permission_checks import ROUND_SECONDS, SENDER
from services.notifications.deliveries.posting import AnyAccount, PostOffice, transport_maker
from services.notifications.deliveries.repository import (
    Attempt,
    delivery_of,
    enclosure_of,
    forget_enclosure,
    record_attempts,
)
from services.notifications.mail.smtp import Mailer, Server
from services.notifications.mail.transport import Failed
from services.notifications.members.model import RECIPIENT_UNKNOWN
from services.notifications.session import NotificationsSession

SENDING_SECONDS = 30.0
# Time for the reads and writes around a sending, with a slow database: the lease has to outlive the sending.
SENDING_SLACK_SECONDS = 15.0
# So many mails are sent at once, over as many connections.
SENDERS = 8
RECORD_SECONDS = 0.005
# A mail of a paused mailing is looked at again after this.
PAUSED_WAIT = dt.timedelta(seconds=30)


def make_sender(runtime: Runtime) -> Job:
    """The job that sends one pending delivery; its SMTP settings come from the environment.

    A delivery without attempts left is parked, to be requeued by hand; one that was refused for good is not parked.
    The job owns the row while its lease lasts, so it is not read again here. Only the right to send it may have changed
    since, and that is checked just before the sending.
    """
    mailer, seconds = installation_mailer()
    office = PostOffice(runtime, mailer, transport_maker(seconds), a_day=mails_a_day())
    recorded = make_recorder(runtime)

    def send(document: Document) -> None:
        delivery, company = delivery_of(document), document["company"]
        session = cast(NotificationsSession, runtime.session_for(company, SENDER, delivery.id, None))
        (reason,) = session.refusals([delivery])
        if reason == RECIPIENT_UNKNOWN:  # no user_changed of this user has arrived yet
            delivery.failed(Failure(reason), dt.datetime.now(dt.UTC))
        elif reason == MAILING_PAUSED:
            delivery.wait(dt.datetime.now(dt.UTC) + PAUSED_WAIT, reason)
        elif reason is None:
            attempt(runtime, office, session, delivery)
        else:
            delivery.suppress(reason)
        recorded.ask((document, delivery))
        forget_enclosure(runtime.database, company, delivery)
        if delivery.given_up:
            raise GiveUp("delivery_dead")

    return Job(send, mailer.longest + SENDING_SLACK_SECONDS, SENDERS, owned_from_the_start=True)


def make_recorder(runtime: Runtime) -> Rounds[Attempt, None]:
    """Rounds that record attempts: those that end within RECORD_SECONDS are one command of the database."""

    def record(attempts: Sequence[Attempt]) -> list[PyMongoError | None]:
        with pymongo.timeout(ROUND_SECONDS):
            return record_attempts(runtime.database, attempts)

    return Rounds[Attempt, None](record, RECORD_SECONDS)


def attempt(runtime: Runtime, office: PostOffice, session: NotificationsSession, delivery: Delivery) -> None:
    """Sends the delivery and records the outcome in it; postpones it where its account's limit is reached."""
    try:
        enclosure = _enclosure(runtime, session, delivery)
        account = _account(session, delivery)
        if delivery.channel == EMAIL:
            delivery.reply_to = session.reply_to(delivery)
        with tracing.span("whatsapp" if delivery.channel == WHATSAPP else "smtp", tracing.CLIENT):
            office.send(session.company, account, delivery, enclosure)
    except LookupError:  # the enclosure is past its retention: there is nothing to send
        delivery.failed(Failure("enclosure_missing", permanent=True), dt.datetime.now(dt.UTC))
    except Conflict as error:  # the account's secret can't be opened
        delivery.failed(Failure(error.code), dt.datetime.now(dt.UTC))
    except Failed as error:
        delivery.failed(error.failure, dt.datetime.now(dt.UTC))


def _enclosure(runtime: Runtime, session: NotificationsSession, delivery: Delivery) -> Enclosure | None:
    """The attached files and HTML, or None; raises LookupError where they were deleted."""
    file = delivery.file
    if file is None:
        return enclosure_of(runtime.database, session.company, delivery)
    content = session.whatsapp_files.content(file["id"], file["parts"])
    files = [File(file["name"], file["media_type"], content)]
    return Enclosure(file["id"], delivery.person_id, None, files, delivery.created_at)


def _account(session: NotificationsSession, delivery: Delivery) -> AnyAccount | None:
    """The account to send through, None for the installation's mail server; raises Failed where the company has no
    WhatsApp account any more."""
    if delivery.channel != WHATSAPP:
        return session.accounts.sending(delivery.sender_id)
    account = session.whatsapp_accounts.sending()
    if account is None:
        raise Failed(Failure("whatsapp_account_missing", permanent=True))
    return account


def installation_mailer() -> tuple[Mailer, float]:
    """The mailer of the installation's server, and the deadline of one sending in seconds."""
    env = Env()
    seconds = env.float("VINCULO_SMTP_SECONDS", SENDING_SECONDS, validate=validate.Range(min=1, max=600))
    server = Server.at(env.str("VINCULO_SMTP_URL", "smtp://127.0.0.1:25", validate=is_smtp_uri))
    return Mailer(server, installation_sender(), seconds), seconds
