"""Which trouble of a mailbox (troubles.py) an error of its server is."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from services.notifications.mailboxes.troubles import (
    ACCOUNT_REFUSED,
    ANSWER_UNREADABLE,
    CERTIFICATE_REFUSED,
    FOLDER_MISSING,
    QUOTA_EXCEEDED,
    SERVER_BUSY,
    SERVER_REFUSED,
    SERVER_SILENT,
    SERVER_UNREACHED,
    TLS_FAILED,
)
from services.notifications.outbound.addresses import Unreachable

# What servers say in brackets (RFC 5530, RFC 9208; GMail's own words for a day's volume): more than that they refuse.
CODES = {
    "OVERQUOTA": QUOTA_EXCEEDED, "LIMIT": QUOTA_EXCEEDED, "THROTTLED": QUOTA_EXCEEDED,
    "UNAVAILABLE": SERVER_BUSY, "INUSE": SERVER_BUSY, "SERVERBUG": SERVER_BUSY,
    "NONEXISTENT": FOLDER_MISSING, "TRYCREATE": FOLDER_MISSING, "PRIVACYREQUIRED": TLS_FAILED,
    "AUTHENTICATIONFAILED": ACCOUNT_REFUSED, "AUTHORIZATIONFAILED": ACCOUNT_REFUSED, "EXPIRED": ACCOUNT_REFUSED,
}  # fmt: skip
BRACKETED = re.compile(r"\[([A-Z]+)[\] ]")


class Refused(OSError):
    """The server refused a step; `code` is the trouble."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def refusal_means(code: str) -> Iterator[None]:
    """A refusal in this block is the trouble `code`, unless the server names another reason or has gone away."""
    try:
        yield
    except IMAPClientError as error:
        # the library hides in a refused sign-in whatever happened during it
        gone = isinstance(error, IMAPClientAbortError) or isinstance(error.__context__, IMAPClientAbortError)
        raise Refused(SERVER_UNREACHED if gone else _bracketed(error) or code) from error


def trouble_of(error: Exception) -> str:
    """The code (troubles.py) of an error."""
    if isinstance(error, Unreachable | Refused):
        return error.code
    if isinstance(error, ssl.SSLCertVerificationError):
        return CERTIFICATE_REFUSED
    if isinstance(error, ssl.SSLError):
        return TLS_FAILED
    if isinstance(error, TimeoutError):
        return SERVER_SILENT
    if isinstance(error, OSError | EOFError | IMAPClientAbortError):
        return SERVER_UNREACHED
    if isinstance(error, IMAPClientError):
        return _bracketed(error) or SERVER_REFUSED
    return ANSWER_UNREADABLE


def _bracketed(error: IMAPClientError) -> str | None:
    found = BRACKETED.search(str(error).upper())
    return CODES.get(found[1]) if found else None
