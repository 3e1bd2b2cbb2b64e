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
# Servers end connections that are silent for some minutes, and some of them after some hundred mails: we are first.
IDLE_SECONDS = 10.0
MAILS_A_CONNECTION = 100
# Of one connection, in bytes: a hundred mails take a tenth of it.
MOST_SAID = 1 << 19
ACCOUNT_REFUSED = "account_refused"
TAKEN, TAKEN_ELSEWHERE, GO_AHEAD = 250, 251, 354


class Refused(Exception):
    """The message will never be accepted: the server answered 5xx, or it cannot be written as an e-mail."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(code)
        self.failure = Failure(code, said, permanent=True)


def failure_of(error: Exception) -> Failure:
    """What became of an attempt that ended with this error."""
    if isinstance(error, Refused):
        return error.failure
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Failure(ACCOUNT_REFUSED, f"SMTP {error.smtp_code} {_words(error.smtp_error)}")
    if isinstance(error, Unreachable):
        return Failure(error.code)
    if isinstance(error, smtplib.SMTPResponseException):
        return Failure(f"SMTP {error.smtp_code}", _words(error.smtp_error), deferred=error.smtp_code // 100 == 4)
    return Failure(type(error).__name__)


@dataclass(frozen=True, repr=False)
class Server:
    """A mail server and how to sign in there; without a `username`, not at all.

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
                connection = self._handed_over(letter)
        except (Refused, Unreachable, smtplib.SMTPException, OSError) as error:
            raise Failed(failure_of(error)) from error
        self._keep(connection)
        return f"SMTP {TAKEN}"

    def _handed_over(self, letter: Letter) -> Connection:
        """The connection that took it. What fails on a kept one before the text has begun may be the connection's own
        end: nothing was taken, and it is tried once more on a new one."""
        kept = self._kept.pop() if self._kept else None
        if kept is not None:
            try:
                kept.hand_over(letter)
            except (Refused, smtplib.SMTPException, OSError):
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
        """Leaves connections that nobody used for IDLE_SECONDS, until none is kept."""
        try:
            while self._kept:
                eventlet.sleep(max(self._kept[0].used_at + IDLE_SECONDS - time.monotonic(), 0))
                while self._kept and self._kept[0].used_at + IDLE_SECONDS <= time.monotonic():
                    self._kept.pop(0).leave()
        finally:
            self._tidying = False


class _Said:
    """What a server says, in all of a connection MOST_SAID bytes: one that never stops leaves no wait in which the
    deadline could pass."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._left = file, MOST_SAID

    def readline(self, size: int = -1) -> bytes:
        line = self._file.readline(size)
        self._left -= len(line)
        if self._left < 0:
            raise OSError("too much")
        return line

    def close(self) -> None:
        self._file.close()


class _Heard:
    """A client that hears its server out to a bound; smtplib opens the file anew for each connection."""

    _said: _Said | None = None

    @property
    def file(self) -> _Said | None:
        return self._said

    @file.setter
    def file(self, opened: BinaryIO | None) -> None:
        self._said = _Said(opened) if opened is not None else None


class _Smtp(_Heard, smtplib.SMTP):
    """In the clear, or by STARTTLS."""


class _SmtpOverTls(_Heard, smtplib.SMTP_SSL):
    """From the start."""


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
            raise Refused("message_unwritable") from error
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
        _require(server.docmd("MAIL", f"FROM:{letter.sender}{options}"), TAKEN)
        _require(server.docmd("RCPT", f"TO:{letter.recipient}"), TAKEN, TAKEN_ELSEWHERE)
        _require(server.docmd("DATA"), GO_AHEAD)
        self.text_begun = True
        server.send(text)
        _require(server.getreply(), TAKEN)

    def leave(self) -> None:
        """Says goodbye. The mails are taken: whatever the server makes of it is of no concern."""
        with suppress(smtplib.SMTPException, OSError), within(GOODBYE_SECONDS):
            self._server.quit()
        self._server.close()


def _require(answer: tuple[int, bytes], *accepted: int) -> None:
    code, said = answer
    if code >= 500:
        raise Refused(f"SMTP {code}", _words(said))
    if code not in accepted:
        raise smtplib.SMTPResponseException(code, said)


def _words(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def signed_in(server: Server, seconds: float) -> Failure | None:
    """Tries a real sign-in and leaves; what kept it from succeeding, or None."""
    connection = Connection(server, seconds)
    try:
        with within(seconds):
            connection.open()
    except (Unreachable, smtplib.SMTPException, OSError) as error:
        return failure_of(error)
    connection.leave()
    return None
