"""Sends queued deliveries and records how each attempt went.

A crash between the server's answer and our record sends again, under the same Message-ID (row N7).
"""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Callable

from environs import Env

from services.chassis.mongo import Document
from services.chassis.runtime import Runtime
from services.notifications.smtp import Mailer, Refused
from services.notifications.store import delivery_of, enclosure_of, record_attempt


def make_sender(runtime: Runtime) -> Callable[[Document], None]:
    """What to do with one pending delivery; SMTP settings come from the environment."""
    env = Env()
    mailer = Mailer(
        env.str("VINCULO_SMTP_URL", "smtp://127.0.0.1:25"), env.str("VINCULO_MAIL_FROM", "vinculo@localhost")
    )

    def send(document: Document) -> None:
        delivery = delivery_of(document)
        try:
            mailer.send(delivery, enclosure_of(runtime.database, document["company"], delivery))
            delivery.sent(dt.datetime.now(dt.UTC))
        except LookupError:  # erased, or older than it is kept: without it there is nothing to send
            delivery.failed("enclosure_missing", dt.datetime.now(dt.UTC), permanent=True)
        except Refused as refusal:
            delivery.failed(f"SMTP {refusal}", dt.datetime.now(dt.UTC), permanent=True)
        except (smtplib.SMTPException, OSError) as error:
            delivery.failed(type(error).__name__, dt.datetime.now(dt.UTC))
        record_attempt(runtime.database, document["company"], delivery)

    return send
