"""Sends e-mails over SMTP, several over one connection; knows neither the database nor the rules."""

from __future__ import annotations

import smtplib
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import eventlet

from services.chassis.jobs.deadline import within
from services.notifications.accounts.model import NONE, STARTTLS, TLS
from services.notifications.deliveries.model import Delivery, Enclosure, Failure
from services.notifications.mail.letters import Letter, letter_of
from services.notifications.mail.transport import Failed
from services.notifications.outbound.addresses import Reach, Unreachable, resolved

GOODBYE_SECONDS = 2.0
# Servers close connections that are silent for some minutes, or after some hundred mails: these are closed before.
IDLE_SECONDS = 10.0
MAILS_A_CONNECTION = 100
# The most that a server may answer over one connection, in bytes; a hundred mails take a tenth of it.
MOST_ANSWER_BYTES = 1 << 19
ACCOUNT_REFUSED = "account_refused"
SMTP_OK, SMTP_WILL_FORWARD, SMTP_START_INPUT = 250, 251, 354


class MessageRefused(Exception):
    """The message will never be accepted: the server answered 5xx, or it cannot be written as an e-mail."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(code)
        self.failure = Failure(code, said, permanent=True)


def failure_of(error: Exception) -> Failure:
    """The failure that an attempt ended with, by its exception."""
    if isinstance(error, MessageRefused):
        return error.failure
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Failure(ACCOUNT_REFUSED, f"SMTP {error.smtp_code} {_as_text(error.smtp_error)}")
    if isinstance(error, Unreachable):
        return Failure(error.code)
    if isinstance(error, smtplib.SMTPResponseException):
        return Failure(f"SMTP {error.smtp_code}", _as_text(error.smtp_error), deferred=error.smtp_code // 100 == 4)
    return Failure(type(error).__name__)


@dataclass(frozen=True, repr=False)
class Server:
    """A mail server and how to sign in there; without a `username` nobody signs in.

    `reach`: the addresses that it may have, checked at every connection; None where the operator named the server.
    """

    host: str
    port: int
    security: str = NONE
    username: str = ""
    password: str = ""
    reach: Reach | None = None

    @classmethod
    def at(cls, url: str) -> Server:
        """smtp://host:port, smtp+starttls://user:password@host:587 or smtps://..."""
        parts = urlsplit(url)
        security = {"smtps": TLS, "smtp+starttls": STARTTLS}.get(parts.scheme, NONE)
        names = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname or "localhost", parts.port or 25, security, *names)

    def address(self) -> str:
        """Where to connect to; raises outbound.addresses.Unreachable."""
        return self.host if self.reach is None else resolved(self.host, self.port, self.reach)[0]


class Mailer:
    """Sends from one address over one server.

    `seconds` is the deadline of a whole sending: from resolving the server's name to its answer to the message. The
    connection that took a mail is kept for the next one, for IDLE_SECONDS and MAILS_A_CONNECTION at most.
    """

    def __init__(self, server: Server, sender: str, seconds: float) -> None:
        self._server = server
        self._sender = sender
        self._seconds = seconds
        # by the time of their last mail; the last one is used first
        self._kept: list[Connection] = []
        self._tidying = False

    @property
    def longest(self) -> float:
        """The longest time that `send` can take, in seconds."""
        return self._seconds + GOODBYE_SECONDS

    def send(self, delivery: Delivery, enclosure: Enclosure | None = None) -> str:
        """The server's code; raises Failed. After a deadline it may have taken the mail all the same."""
        try:
            letter = letter_of(self._sender, delivery, enclosure)
        except ValueError as error:
            raise Failed(Failure("message_unwritable", permanent=True)) from error
        try:
            with within(self._seconds):
                connection = self._deliver(letter)
        except (MessageRefused, Unreachable, smtplib.SMTPException, OSError) as error:
            raise Failed(failure_of(error)) from error
        self._keep(connection)
        return f"SMTP {SMTP_OK}"

    def _deliver(self, letter: Letter) -> Connection:
        """Sends the mail over a kept connection, else a new one; returns the connection.

        A kept connection may have been closed by the server. Where it fails before the text has begun, the server has
        not accepted the mail, and it is sent over a new one.
        """
        kept = self._kept.pop() if self._kept else None
        if kept is not None:
            try:
                kept.hand_over(letter)
            except (MessageRefused, smtplib.SMTPException, OSError):
                if kept.text_begun:
                    raise
            else:
                return kept
        new = Connection(self._server, self._seconds)
        new.open()
        new.hand_over(letter)
        return new

    def _keep(self, connection: Connection) -> None:
        if connection.mails >= MAILS_A_CONNECTION:
            eventlet.spawn_n(connection.leave)
            return
        self._kept.append(connection)
        if not self._tidying:
            self._tidying = True
            eventlet.spawn_n(self._tidy)

    def _tidy(self) -> None:
        """Closes connections that were not used for IDLE_SECONDS, until none is kept."""
        try:
            while self._kept:
                eventlet.sleep(max(self._kept[0].used_at + IDLE_SECONDS - time.monotonic(), 0))
                while self._kept and self._kept[0].used_at + IDLE_SECONDS <= time.monotonic():
                    self._kept.pop(0).leave()
        finally:
            self._tidying = False


class _BoundedAnswers:
    """A server's answers, MOST_ANSWER_BYTES at most over one connection. Without the limit a server that never stops
    would never leave a pause in which the deadline could interrupt the reading.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._left = file, MOST_ANSWER_BYTES

    def readline(self, size: int = -1) -> bytes:
        line = self._file.readline(size)
        self._left -= len(line)
        if self._left < 0:
            raise OSError("too much")
        return line

    def close(self) -> None:
        self._file.close()


class _BoundedClient:
    """An SMTP client with a limit on its server's answers; smtplib sets `file` anew for each connection."""

    _said: _BoundedAnswers | None = None

    @property
    def file(self) -> _BoundedAnswers | None:
        return self._said

    @file.setter
    def file(self, opened: BinaryIO | None) -> None:
        self._said = _BoundedAnswers(opened) if opened is not None else None


class _Smtp(_BoundedClient, smtplib.SMTP):
    """Without TLS, or with STARTTLS."""


class _SmtpOverTls(_BoundedClient, smtplib.SMTP_SSL):
    """With TLS from the start of the connection."""


class Connection:
    """One connection to the server; it ends with the first failure."""

    def __init__(self, to: Server, seconds: float) -> None:
        self._to = to
        # not connected yet, so that it can be closed even where the server's greeting never ends
        self._server: smtplib.SMTP = (
            _SmtpOverTls(timeout=seconds, context=ssl.create_default_context())
            if to.security == TLS
            else _Smtp(timeout=seconds)
        )
        self.mails = 0
        self.used_at = 0.0
        # whether the server may have the text of the last message, or a part of it
        self.text_begun = False

    def open(self) -> None:
        """Connects, signs in where there is a user name, and asks what the server can do."""
        try:
            self._open()
        except BaseException:
            self._server.close()
            raise

    def _open(self) -> None:
        # The host name that TLS verifies; smtplib sets it only where its constructor connects.
        self._server._host = self._to.host  # type: ignore[attr-defined]
        self._server.connect(self._to.address(), self._to.port)
        if self._to.security == STARTTLS:
            self._server.starttls(context=ssl.create_default_context())
        if self._to.username:
            self._server.login(self._to.username, self._to.password)
        self._server.ehlo_or_helo_if_needed()

    def hand_over(self, letter: Letter) -> None:
        """Raises Refused for an answer of 5xx, SMTPResponseException for another one that is no yes, or OSError."""
        self.text_begun = False
        try:
            self._hand_over(letter)
        except UnicodeError as error:
            self._server.close()
            raise MessageRefused("message_unwritable") from error
        except BaseException:
            self._server.close()
            raise
        self.mails += 1
        self.used_at = time.monotonic()

    def _hand_over(self, letter: Letter) -> None:
        server, text = self._server, letter.text
        options = f" SIZE={len(text)}" if server.has_extn("size") else ""
        if letter.international:
            if not server.has_extn("smtputf8"):
                raise smtplib.SMTPNotSupportedError("smtputf8")
            server.command_encoding, options = "utf-8", f"{options} SMTPUTF8 BODY=8BITMIME"
        _require(server.docmd("MAIL", f"FROM:{letter.sender}{options}"), SMTP_OK)
        _require(server.docmd("RCPT", f"TO:{letter.recipient}"), SMTP_OK, SMTP_WILL_FORWARD)
        _require(server.docmd("DATA"), SMTP_START_INPUT)
        self.text_begun = True
        server.send(text)
        _require(server.getreply(), SMTP_OK)

    def leave(self) -> None:
        """Quits and closes. The server has accepted the mails, so failures are ignored."""
        with suppress(smtplib.SMTPException, OSError), within(GOODBYE_SECONDS):
            self._server.quit()
        self._server.close()


def _require(answer: tuple[int, bytes], *accepted: int) -> None:
    code, said = answer
    if code >= 500:
        raise MessageRefused(f"SMTP {code}", _as_text(said))
    if code not in accepted:
        raise smtplib.SMTPResponseException(code, said)


def _as_text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def try_sign_in(server: Server, seconds: float) -> Failure | None:
    """Signs in and quits; returns the failure, or None."""
    connection = Connection(server, seconds)
    try:
        with within(seconds):
            connection.open()
    except (Unreachable, smtplib.SMTPException, OSError) as error:
        return failure_of(error)
    connection.leave()
    return None
