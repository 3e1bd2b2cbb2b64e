"""Mailboxes that are read for answers: of the company, and of users (row N10); reply addresses. Pure.

Nothing is ever deleted, moved or marked in a mailbox.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services.notifications.accounts.model import TLS
from services.notifications.mailboxes.troubles import sentence_of

# The most bytes of a mail that is fetched whole; of a larger one only the headers are.
MOST_BYTES = 25 * 1024 * 1024
# The longest wait between two looks, after failures, in seconds.
LONGEST_WAIT = 900.0
# A reply address is made of 16 bytes that name a delivery and 10 that sign it: 42 letters and digits of any case.
TOKEN = re.compile(r"[a-z2-7]{42}")
SIGNATURE_BYTES = 10
# The most characters before the @ (RFC 5321, 4.5.3.1.1).
LONGEST_LOCAL = 64
OWN_MESSAGE_ID = re.compile(r"([0-9a-f]{32})@vinculo")


@dataclass
class Mailbox:
    """`address`: its mails arrive there. `plus_addresses`: so do mails to name+anything, the form of reply addresses.
    `authserv_id`: its server's name in Authentication-Results headers; without it no sender counts as verified.

    `uid_validity`, `last_uid`: how far it is read. `failures`: in a row; `stuck`: those at the next mail;
    `refused`: what the server last said to the sign-in; `trouble`: what last kept it from being read (troubles.py).
    `version`: of what its owner set; what a look leaves in it makes none, since it would refuse the owner's next edit
    every half minute.
    """

    id: str
    owner: str
    user_id: str | None
    user_name: str | None
    address: str
    host: str
    port: int
    username: str
    sealed: str
    checked_at: dt.datetime
    security: str = TLS
    folder: str = "INBOX"
    plus_addresses: bool = True
    authserv_id: str | None = None
    uid_validity: int | None = None
    last_uid: int = 0
    read_at: dt.datetime | None = None
    failures: int = 0
    stuck: int = 0
    refused: str | None = None
    refused_at: dt.datetime | None = None
    trouble: str | None = None
    trouble_at: dt.datetime | None = None
    version: int = 0

    def same_sign_in(self, host: str, port: int, security: str, username: str) -> bool:
        """Whether the stored password may be used: for the same server and user name only."""
        return (self.host, self.port, self.security, self.username) == (host, port, security, username)

    def continues(self, before: Mailbox) -> None:
        """Goes on where the reading of `before` ended, if it is the same mailbox."""
        same = before.same_sign_in(self.host, self.port, self.security, self.username) and before.folder == self.folder
        if same:
            self.uid_validity, self.last_uid, self.read_at = before.uid_validity, before.last_uid, before.read_at

    @property
    def of_user(self) -> bool:
        """A user's own mailbox: only answers are taken from it."""
        return self.user_id is not None

    @property
    def last_trouble(self) -> dict[str, Any] | None:
        """The last trouble as contract.Trouble."""
        told = self.trouble and {"code": self.trouble, "detail": sentence_of(self.trouble), "at": self.trouble_at}
        return told or None

    def wait(self, seconds: float) -> dt.timedelta:
        """Until the next look: `seconds`, and twice as long after each failure."""
        return dt.timedelta(seconds=min(seconds * 2**self.failures, LONGEST_WAIT))


def reply_address(address: str, key: bytes, delivery_id: str) -> str | None:
    """The signed address for answers to the delivery; None where the id or the address has a form that does not fit."""
    try:
        told = bytes.fromhex(delivery_id)
    except ValueError:
        return None
    if len(told) != 16:
        return None
    token = base64.b32encode(told + _signature(key, told)).decode().rstrip("=").lower()
    name, _, domain = address.rpartition("@")
    local = f"{name}+{token}"
    return f"{local}@{domain}" if len(local) <= LONGEST_LOCAL else None


def delivery_answered(address: str, key: bytes, recipients: Iterable[str]) -> str | None:
    """The id of the delivery whose reply address is among the recipients; None without one that we have signed."""
    name, _, domain = address.lower().rpartition("@")
    for recipient in recipients:
        local, _, at = recipient.lower().rpartition("@")
        token = local.removeprefix(f"{name}+")
        if at != domain or token == local or not TOKEN.fullmatch(token):
            continue
        try:
            told = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        except binascii.Error:
            continue
        if hmac.compare_digest(told[16:], _signature(key, told[:16])):
            return told[:16].hex()
    return None


def _signature(key: bytes, told: bytes) -> bytes:
    return hmac.digest(key, told, hashlib.sha256)[:SIGNATURE_BYTES]


def is_certain(sender: str, authserv_id: str | None, vouched: Iterable[str]) -> bool:
    """Whether the mailbox's own server says that the sender's domain stands by the mail (DMARC).

    Only its own word counts, and that is the first: it puts it above whatever a mail brings along (RFC 8601).
    """
    said = next(iter(vouched), "").lower()
    domain = sender.rpartition("@")[2].lower()
    if not authserv_id or not domain or not re.match(rf"\s*{re.escape(authserv_id.lower())}(?:\s+\d+)?\s*;", said):
        return False
    passed = re.search(r"(?:^|[;\s])dmarc=pass\b[^;]*", said)
    named = re.search(r"header\.from=\"?([^\s;\"]+)", passed[0]) if passed else None
    return named is not None and named[1] == domain
