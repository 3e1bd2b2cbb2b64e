"""The access log: one-way messages to `people` with who looked at what of a person (row P7).

Looks are sent in batches: at most EVERY_SECONDS after an answer, all of a company in one message. A process that is
stopped sends the last ones before it ends; one that is killed loses those of EVERY_SECONDS (docs/adr/0031).
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from flask import current_app, g

from gateway.bus.rpc import Bus
from services.chassis import ids
from services.chassis.access.context import Context
from services.chassis.access.keyring import GATEWAY
from services.people.access_log.contract import MOST_LOOKS

log = logging.getLogger(__name__)

EVERY_SECONDS = 0.2
# How long the message waits in people's queue while people is down.
WAIT_SECONDS = 86_400.0
# The most looks that wait while the broker is down; further ones are lost, and the log has their number.
MOST_KEPT = 100_000
PERMISSION = "people.record_look"

Look = dict[str, Any]


def record_access(person_id: str, what: str) -> None:
    """Records that the user looked at a person; `what`: record, view or access_report. Does not wait for people."""
    claims = g.claims
    look = {
        # By the id people stores a repeated look once.
        "id": ids.new_id(),
        "person_id": person_id,
        "what": what,
        "at": dt.datetime.now(dt.UTC).isoformat(),
        "user_id": claims["sub"],
        "user_name": claims["name"],
        "request_id": g.request_id,
    }
    current_app.extensions["vinculo"].looks.add(claims["company"], look)


class LookLog:
    """The looks of one process that are not sent yet, and the thread that sends them."""

    def __init__(self, bus: Callable[[], Bus], seconds: float = EVERY_SECONDS) -> None:
        self._bus = bus
        self._seconds = seconds
        self._waiting = deque[tuple[str, Look]]()
        self._telling = threading.Lock()
        self._starting = threading.Lock()
        self._some = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._lost = 0

    def add(self, company: str, look: Look) -> None:
        if len(self._waiting) >= MOST_KEPT:
            self._lost += 1
            return
        self._waiting.append((company, look))
        if not self._some.is_set():
            self._some.set()
            self._ensure_thread()

    def tell(self) -> bool:
        """Hands the waiting looks to the bus; False where it is not connected, and then they stay."""
        with self._telling:
            self._some.clear()
            while self._waiting:
                batch = [self._waiting[place] for place in range(min(len(self._waiting), MOST_LOOKS))]
                by_company = defaultdict[str, list[Look]](list)
                for company, look in batch:
                    by_company[company].append(look)
                # Where one message could not be sent, the whole batch is sent again; people knows the ids.
                if not all(self._sent(company, looks) for company, looks in by_company.items()):
                    self._some.set()
                    return False
                for _ in batch:
                    self._waiting.popleft()
            return True

    def close(self) -> None:
        """Sends the waiting looks; nothing may be added any more."""
        self._closing.set()
        self._some.set()
        self.tell()
        if lost := len(self._waiting) + self._lost:
            log.error("looks not recorded", extra={"looks": lost})

    def _sent(self, company: str, looks: list[Look]) -> bool:
        end = time.time() + WAIT_SECONDS
        context = Context(company, GATEWAY, GATEWAY, (PERMISSION,), secrets.token_hex(16), end)
        return self._bus().send("people", "record_looks", {"looks": looks}, context)

    def _ensure_thread(self) -> None:
        """Starts the thread at the first look: after gunicorn's fork, which copies no threads."""
        if self._thread is not None and self._thread.is_alive():
            return
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="looks", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._some.wait()
            self._closing.wait(self._seconds)
            if self.tell() and self._lost:
                log.error("looks not recorded", extra={"looks": self._lost})
                self._lost = 0
