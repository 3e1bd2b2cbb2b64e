"""Sending one e-mail over SMTP. Knows no database and no rule."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from services.notifications.domain import Delivery, Enclosure

# Well below the lease of a delivery, so that a slow server does not get a second copy.
TIMEOUT_SECONDS = 4


class Refused(Exception):
    """The server will never take this message (a 5xx answer)."""


class Mailer:
    """`url`: smtp://host:port, smtp+starttls://user:password@host:587 or smtps://..."""

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender

    def send(self, delivery: Delivery, enclosure: Enclosure | None = None) -> None:
        """Raises Refused for a final answer; smtplib.SMTPException or OSError for one that may pass."""
        with self._connect() as server:
            try:
                server.send_message(self._message(delivery, enclosure))
            except smtplib.SMTPRecipientsRefused as error:
                code = max(answer[0] for answer in error.recipients.values())
                if code >= 500:
                    raise Refused(str(code)) from error
                raise
            except smtplib.SMTPResponseException as error:
                if error.smtp_code >= 500:
                    raise Refused(str(error.smtp_code)) from error
                raise

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "localhost", self._url.port or 25
        if self._url.scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        if self._url.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))
        return server

    def _message(self, delivery: Delivery, enclosure: Enclosure | None) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = delivery.recipient
        message["Subject"] = delivery.subject
        message["Message-ID"] = delivery.message_id
        message["Date"] = format_datetime(delivery.created_at)
        message.set_content(delivery.body)
        if enclosure is not None:
            message.add_alternative(enclosure.html, subtype="html")
            message.add_attachment(
                enclosure.pdf, maintype="application", subtype="pdf", filename=enclosure.file_name
            )  # fmt: skip
        return message
