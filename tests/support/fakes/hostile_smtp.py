"""A mail server as bulk senders meet it: greylists some, refuses some for good, and drops the connection now and then.

What it does to an address follows from the address, so that every run of it and every process meets the same.
"""

from __future__ import annotations

import asyncio
import email
import hashlib
import threading
import time
from collections import Counter
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.stack.ports import free_port

GREYLISTED, REFUSED, WHOLE = 10, 2, 100
DEFERRAL = "451 4.7.1 Greylisted, try again later"
REFUSAL = "550 5.1.1 No such user here"


class HostileSmtp:
    """Greylists one address in ten once, refuses one in fifty, drops the connection at each `drop_every`th RCPT."""

    def __init__(self, drop_every: int = 500, seconds: float = 0) -> None:
        """`seconds`: how long it takes to take a mail."""
        self._drop_every, self._seconds = drop_every, seconds
        self._seen = 0
        self._greylisted: set[str] = set()
        self._lock = threading.Lock()
        # by Message-ID: the recipient of the mail, and how often it was taken
        self.taken: dict[str, str] = {}
        self.copies: Counter[str] = Counter()
        self.dropped = 0
        self.times: list[float] = []
        self.port = free_port()
        self._controller = Controller(self, "127.0.0.1", self.port)
        self._controller.start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:  # fmt: skip
        with self._lock:
            self._seen += 1
            drops = self._seen % self._drop_every == 0
            self.dropped += drops
            first = address not in self._greylisted
            if kind_of(address) == "greylisted":
                self._greylisted.add(address)
        if drops and server.transport is not None:
            server.transport.close()
            return "421 4.3.2 Closing"
        if kind_of(address) == "refused":
            return REFUSAL
        if kind_of(address) == "greylisted" and first:
            return DEFERRAL
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's)
        content: Any = envelope.content
        await asyncio.sleep(self._seconds)
        message_id = str(email.message_from_bytes(content)["Message-ID"])
        with self._lock:
            self.taken[message_id] = envelope.rcpt_tos[0]
            self.copies[message_id] += 1
            self.times.append(time.monotonic())
        return "250 taken"


def kind_of(address: str) -> str:
    """taken, greylisted or refused."""
    place = int(hashlib.sha256(address.encode()).hexdigest(), 16) % WHOLE
    if place < GREYLISTED:
        return "greylisted"
    return "refused" if place < GREYLISTED + REFUSED else "taken"
