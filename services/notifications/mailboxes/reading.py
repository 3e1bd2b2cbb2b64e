"""Reads a mailbox's new mails over IMAP. Nothing is marked, moved or deleted there."""

from __future__ import annotations

import datetime as dt
import imaplib
import logging
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from services.chassis.jobs.deadline import within
from services.notifications.accounts.model import STARTTLS, TLS
from services.notifications.mail.smtp import Server
from services.notifications.mailboxes.diagnosing import refusal_means, trouble_of
from services.notifications.mailboxes.model import MOST_BYTES
from services.notifications.mailboxes.troubles import ACCOUNT_REFUSED, FOLDER_MISSING, TLS_FAILED
from services.notifications.outbound.addresses import Unreachable

# At debug the library logs what it reads: mails.
logging.getLogger("imapclient").setLevel(logging.WARNING)
# Of a mailbox whose numbers were made anew, mails of these days are looked at again.
LOOK_BACK = dt.timedelta(days=3)
# A server may fail at one mail for good, and mails come in their order: after so many failures in a row its headers are
# read alone, and then it is passed over.
HEADERS_AFTER, OVER_AFTER = 3, 8
# Of one look: so many mails, and none after so many bytes.
AT_ONCE, BYTES_AT_ONCE = 20, 8 * 1024 * 1024
# All that a server may say in one look; the library keeps it in memory.
MOST_SAID = 3 * MOST_BYTES
# Of a mailbox and its mails (RFC 3501).
LARGEST_NUMBER = 2**32 - 1
# The library raises the last ones for answers of another form than it expects.
TROUBLE = (
    IMAPClientError, Unreachable, OSError, ValueError, EOFError, LookupError, TypeError, AttributeError, RecursionError,
)  # fmt: skip


@dataclass(frozen=True)
class Fetched:
    """`raw`: the mail, or its headers alone (`whole` is false) where it is larger than MOST_BYTES (`size`), or where
    its server fails at it. None: passed over. Empty: it was moved or deleted meanwhile."""

    uid: int
    raw: bytes | None
    size: int
    whole: bool = True


class NotFetched(OSError):
    """The server fails at the first of the mails that came."""


@dataclass(frozen=True)
class Look:
    """One look into a mailbox; `more`: mails that were not fetched yet. `last_uid`: of the last mail there was."""

    uid_validity: int
    last_uid: int
    mails: tuple[Fetched, ...] = ()
    more: bool = False


def look(server: Server, folder: str, uid_validity: int | None, last_uid: int, seconds: float, stuck: int = 0) -> Look:
    """The mails after `last_uid`, AT_ONCE at most; none at the first look, which skips the mails that are there.

    `stuck`: how often the first of them was not fetched. Raises one of TROUBLE; DeadlinePassed, an OSError, after
    `seconds`; NotFetched. What was fetched before any trouble counts.
    """
    mails: list[Fetched] = []
    uids: Sequence[int] = ()
    try:
        with within(seconds), _session_of(server, seconds) as client:
            told = _selected(client, folder)
            validity, following = _number(told[b"UIDVALIDITY"]), _number(told.get(b"UIDNEXT", 0))
            if uid_validity is None:
                return Look(validity, max(following - 1, 0) or _number(max(client.search(["ALL"]), default=0)))
            if validity != uid_validity:
                day, last_uid = (dt.datetime.now(dt.UTC) - LOOK_BACK).date(), 0
                uids = sorted(client.search(["SINCE", day]))
            else:
                # "n:*" names the last mail, too, where it is older
                uids = sorted(uid for uid in client.search(["UID", f"{last_uid + 1}:*"]) if uid > last_uid)
            _fetch(client, uids, stuck, mails)
    except TROUBLE as error:
        if uids and not mails:
            raise NotFetched from error
        if not mails:
            raise
    return Look(
        validity, mails[-1].uid if mails else max(last_uid, following - 1), tuple(mails), len(uids) > len(mails)
    )


def _selected(client: IMAPClient, folder: str) -> dict[bytes, Any]:
    with refusal_means(FOLDER_MISSING):
        told: dict[bytes, Any] = client.select_folder(folder, readonly=True)
    return told


def _number(told: int) -> int:
    """The number, checked: raises ValueError for one that RFC 3501 does not allow."""
    if not 0 <= int(told) <= LARGEST_NUMBER:
        raise ValueError("no number of a mailbox")
    return int(told)


def _fetch(client: IMAPClient, uids: Sequence[int], stuck: int, mails: list[Fetched]) -> None:
    for uid in uids[:AT_ONCE]:
        if stuck >= OVER_AFTER and not mails:
            mails.append(Fetched(uid, None, 0))
        else:
            mails.append(_fetched(client, _number(uid), stuck >= HEADERS_AFTER and not mails))
        if sum(len(one.raw or b"") for one in mails) > BYTES_AT_ONCE:
            break


def _fetched(client: IMAPClient, uid: int, headers: bool) -> Fetched:
    size = int(client.fetch([uid], ["RFC822.SIZE"]).get(uid, {}).get(b"RFC822.SIZE", 0))
    whole = size <= MOST_BYTES and not headers
    wanted = b"BODY.PEEK[]" if whole else b"BODY.PEEK[HEADER]"
    answer: dict[bytes, Any] = client.fetch([uid], [wanted]).get(uid, {})
    return Fetched(uid, answer.get(wanted.replace(b".PEEK", b""), b"") or b"", size, whole)


def try_sign_in(server: Server, folder: str, seconds: float) -> str | None:
    """Signs in and opens the folder; returns the code of the trouble, or None."""
    try:
        with within(seconds), _session_of(server, seconds) as client:
            _selected(client, folder)
    except TROUBLE as error:
        return trouble_of(error)
    return None


@contextmanager
def _session_of(server: Server, seconds: float) -> Iterator[IMAPClient]:
    client = _Client(server, seconds)
    with ExitStack() as broken_off:
        broken_off.callback(_close_connection, client)
        if server.security == STARTTLS:
            with refusal_means(TLS_FAILED):
                client.starttls(ssl.create_default_context())
        with refusal_means(ACCOUNT_REFUSED):
            client.login(server.username, server.password)
        yield client
        broken_off.pop_all()
    # what was read is read, whatever the server makes of a goodbye
    with suppress(IMAPClientError, OSError):
        client.logout()


def _close_connection(client: IMAPClient) -> None:
    with suppress(OSError):
        client.shutdown()


class _Client(IMAPClient):
    """Connects to the address that was checked; TLS verifies the name."""

    def __init__(self, server: Server, seconds: float) -> None:
        self._server_address = server.address()
        self._with_tls = server.security == TLS
        super().__init__(server.host, server.port, ssl=False, timeout=SocketTimeout(seconds, seconds))
        self._imap.debug = 0

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 (the library's)
        context = ssl.create_default_context() if self._with_tls else None
        return _Connection(self.host, self.port, self._server_address, context, self._timeout.connect)


class _Connection(imaplib.IMAP4):
    """Ends the connection to a server that sends more than MOST_SAID bytes."""

    def __init__(
        self, host: str, port: int, address: str, context: ssl.SSLContext | None, seconds: float
    ) -> None:  # fmt: skip
        self._address, self._context = address, context
        self._room = MOST_SAID
        super().__init__(host, port, seconds)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self._address, self.port), timeout)
        return self._context.wrap_socket(plain, server_hostname=self.host) if self._context else plain

    def read(self, size: int) -> bytes:
        if size <= 2 * MOST_BYTES:
            self._take(size)
            return super().read(size)
        raise self.abort("too much")

    def readline(self) -> bytes:
        line = super().readline()
        self._take(len(line) + 100)  # with what a line costs besides
        return line

    def _take(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise self.abort("too much")
