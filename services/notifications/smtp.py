"""Sends one e-mail over SMTP; knows neither the database nor the rules."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import ExitStack, closing, suppress
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from services.chassis.jobs.deadline import within
from services.notifications.model import Delivery, Enclosure, file_name

GOODBYE_SECONDS = 2.0


class Refused(Exception):
    """The message will never be accepted: the server answered 5xx, or it cannot be written as an e-mail."""


class Mailer:
    """`url`: smtp://host:port, smtp+starttls://user:password@host:587 or smtps://...

    `seconds` is the deadline of a whole sending: from resolving the server's name to its answer to the message.
    """

    def __init__(self, url: str, sender: str, seconds: float) -> None:
        self._url = urlsplit(url)
        self._sender = sender
        self._seconds = seconds

    @property
    def longest(self) -> float:
        """The longest time that `send` can take, in seconds."""
        return self._seconds + GOODBYE_SECONDS

    def send(self, delivery: Delivery, enclosure: Enclosure | None = None) -> None:
        """Raises Refused, or smtplib.SMTPException or OSError for a temporary failure.

        DeadlinePassed is an OSError, too: after it the server may have accepted the message all the same.
        """
        try:
            message = message_of(self._sender, delivery, enclosure)
        except ValueError as error:
            raise Refused("message_unwritable") from error
        with ExitStack() as stack:
            with within(self._seconds):
                server = stack.enter_context(closing(self._unconnected()))
                self._connect(server)
                _hand_over(server, message)
            # The server has accepted the message: a failure of QUIT must not cause a second sending.
            with suppress(smtplib.SMTPException, OSError), within(GOODBYE_SECONDS):
                server.quit()

    def _unconnected(self) -> smtplib.SMTP:
        """A client that is not connected yet, so that it can be closed even where the server's greeting never ends."""
        if self._url.scheme == "smtps":
            return smtplib.SMTP_SSL(timeout=self._seconds, context=ssl.create_default_context())
        return smtplib.SMTP(timeout=self._seconds)

    def _connect(self, server: smtplib.SMTP) -> None:
        host = self._url.hostname or "localhost"
        # The host name that TLS verifies; smtplib sets it only where its constructor connects.
        server._host = host  # type: ignore[attr-defined]
        server.connect(host, self._url.port or 25)
        if self._url.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))


def message_of(sender: str, delivery: Delivery, enclosure: Enclosure | None) -> EmailMessage:
    """The message as it is sent; raises ValueError where it cannot be written as an e-mail."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = delivery.recipient
    message["Subject"] = delivery.subject
    message["Message-ID"] = delivery.message_id
    message["Date"] = format_datetime(delivery.created_at)
    message.set_content(delivery.body)
    if enclosure is None:
        return message
    if enclosure.html is not None:
        message.add_alternative(enclosure.html, subtype="html")
    for file in enclosure.files:
        main, sub = file.kind
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=file_name(file.name))
    return message


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code = max(answer[0] for answer in error.recipients.values())
        if code >= 500:
            raise Refused(f"SMTP {code}") from error
        raise
    except smtplib.SMTPResponseException as error:
        if error.smtp_code >= 500:
            raise Refused(f"SMTP {error.smtp_code}") from error
        raise
    except UnicodeError as error:
        raise Refused("message_unwritable") from error
